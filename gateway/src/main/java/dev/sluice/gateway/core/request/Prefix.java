package dev.sluice.gateway.core.request;

/**
 * What tells whether prompts begin alike: one hash per block of the prompt, each over the whole
 * prompt up to the block's end, so that equal hashes mean equal beginnings.
 *
 * @param blockTokens tokens of a block, at least 1
 * @param blockHashes in the order of the prompt; not copied, and not to be changed by anyone
 * @param key the same for requests that are better kept together: those of one session, else those
 *     whose prompts begin alike; 0: nothing is known
 */
@SuppressWarnings("ArrayRecordComponent") // thousands of hashes per request, compared by nobody
public record Prefix(int blockTokens, long[] blockHashes, long key) {

  /** Nothing is known of the prompt's beginning. */
  public static final Prefix NONE = new Prefix(1, new long[0], 0);

  /**
   * Tokens at the beginning that tell which requests to keep together: more than a short system
   * prompt that all have, less than a conversation that grows. Chosen without measurement.
   */
  private static final int KEY_TOKENS = 1024;

  public Prefix {
    if (blockTokens < 1) {
      throw new IllegalArgumentException("blockTokens: " + blockTokens + " (expected: >= 1)");
    }
  }

  /** Of a prompt without a session: its key is its beginning. */
  public Prefix(int blockTokens, long[] blockHashes) {
    this(blockTokens, blockHashes, beginning(blockTokens, blockHashes));
  }

  private static long beginning(int blockTokens, long[] hashes) {
    int blocks = Math.max(1, KEY_TOKENS / Math.max(1, blockTokens));
    return hashes.length == 0 ? 0 : hashes[Math.min(blocks, hashes.length) - 1];
  }

  /** Number of whole blocks. */
  public int blocks() {
    return blockHashes.length;
  }

  /** Hash of the prompt up to the end of block {@code index}, from 0. */
  public long blockHash(int index) {
    return blockHashes[index];
  }

  @Override
  public String toString() {
    return "Prefix[" + blockHashes.length + " x " + blockTokens + " tokens]";
  }
}
