package dev.sluice.gateway.core.request;

/**
 * What tells whether prompts begin alike: one hash per block of the prompt, each over the whole
 * prompt up to the block's end, so that equal hashes mean equal beginnings.
 *
 * @param blockTokens tokens of a block, at least 1
 * @param blockHashes in the order of the prompt; not copied, and not to be changed by anyone
 */
@SuppressWarnings("ArrayRecordComponent") // thousands of hashes per request, compared by nobody
public record Prefix(int blockTokens, long[] blockHashes) {

  /** Nothing is known of the prompt's beginning. */
  public static final Prefix NONE = new Prefix(1, new long[0]);

  public Prefix {
    if (blockTokens < 1) {
      throw new IllegalArgumentException("blockTokens: " + blockTokens + " (expected: >= 1)");
    }
  }

  @Override
  public String toString() {
    return "Prefix[" + blockHashes.length + " x " + blockTokens + " tokens]";
  }
}
