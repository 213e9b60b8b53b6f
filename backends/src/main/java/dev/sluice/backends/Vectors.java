package dev.sluice.backends;

/**
 * The vectors of several inputs, one after the other in one array.
 *
 * @param dimensions length of each, at least 1
 * @param values their values; not copied, and not to be changed by anyone
 */
@SuppressWarnings("ArrayRecordComponent") // up to millions of values, compared by nobody
public record Vectors(int dimensions, float[] values) {

  /** As many inputs as OpenAI's API allows. */
  private static final int MOST_COUNT = 2048;

  private static final int MOST_DIMENSIONS = 4096;

  /** Most bytes that the vectors of one answer take: those of 2,048 inputs. */
  public static final int MOST_BYTES = MOST_COUNT * MOST_DIMENSIONS * Float.BYTES;

  public Vectors {
    if (dimensions < 1 || values.length == 0 || values.length % dimensions != 0) {
      throw new IllegalArgumentException(
          "dimensions: " + dimensions + " (expected: a divisor of " + values.length + " values)");
    }
  }

  /** Most bytes that so many vectors take, with 4,096 values each. */
  public static int mostBytes(int count) {
    return Math.min(count, MOST_COUNT) * MOST_DIMENSIONS * Float.BYTES;
  }

  /** How many there are, at least 1. */
  public int count() {
    return values.length / dimensions;
  }

  /** Tells the size but not the values, which are the caller's. */
  @Override
  public String toString() {
    return "Vectors[" + count() + " x " + dimensions + "]";
  }
}
