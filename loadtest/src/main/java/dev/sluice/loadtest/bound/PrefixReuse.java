package dev.sluice.loadtest.bound;

import java.util.HashMap;
import java.util.Map;

/**
 * Finds out how much of each prompt a prefix cache could hold before the prompt is computed: the
 * blocks at its beginning that some other request brings in time, whoever serves it. First all
 * requests are noted, then asked about.
 */
public final class PrefixReuse {

  private static final int NOBODY = -1;

  /** The two earliest arrivals with a block. */
  private static final class Block {
    private long firstNanos = Long.MAX_VALUE;
    private long secondNanos = Long.MAX_VALUE;
    private int firstRequest = NOBODY;

    private void note(int request, long arrivalNanos) {
      if (arrivalNanos < firstNanos) {
        secondNanos = firstNanos;
        firstNanos = arrivalNanos;
        firstRequest = request;
      } else {
        secondNanos = Math.min(secondNanos, arrivalNanos);
      }
    }

    private long earliestWithout(int request) {
      return request == firstRequest ? secondNanos : firstNanos;
    }
  }

  private final int blockTokens;
  private final Map<Long, Block> blocks = new HashMap<>();

  /** For blocks of {@code blockTokens} tokens. */
  public PrefixReuse(int blockTokens) {
    if (blockTokens < 1) {
      throw new IllegalArgumentException("blockTokens: " + blockTokens + " (expected: >= 1)");
    }
    this.blockTokens = blockTokens;
  }

  /**
   * Notes a request.
   *
   * @param request its index
   * @param blockHashes of its prompt's full blocks, each over the whole prompt up to its end
   */
  public void note(int request, long arrivalNanos, long[] blockHashes) {
    for (long hash : blockHashes) {
      blocks.computeIfAbsent(hash, _ -> new Block()).note(request, arrivalNanos);
    }
  }

  /**
   * Most tokens of a noted request's prompt that a cache can spare it.
   *
   * @param untilNanos latest instant of its first token: who arrives later comes too late
   */
  public int cachedTokensAtMost(int request, long untilNanos, long[] blockHashes) {
    int count = 0;
    for (long hash : blockHashes) {
      Block block = blocks.get(hash);
      if (block == null || block.earliestWithout(request) >= untilNanos) {
        break;
      }
      count++;
    }
    return Math.multiplyExact(count, blockTokens);
  }
}
