package dev.sluice.backends;

/**
 * The vectors of several inputs, one after the other in one array.
 *
 * @param dimensions length of each, at least 1
 * @param values their values; not copied, and not to be changed by anyone
 */
@SuppressWarnings("ArrayRecordComponent") // up to millions of values, compared by nobody
public record Vectors(int dimensions, float[] values) {

  /**
   * Most bytes that the vectors of one answer take: as many inputs as OpenAI's API allows, 2,048,
   * with 4,096 values each.
   */
  public static final int MOST_BYTES = 2048 * 4096 * Float.BYTES;

  public Vectors {
    if (dimensions < 1 || values.length == 0 || values.length % dimensions != 0) {
      throw new IllegalArgumentException(
          "dimensions: " + dimensions + " (expected: a divisor of " + values.length + " values)");
    }
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
