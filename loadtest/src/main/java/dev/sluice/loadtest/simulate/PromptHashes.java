package dev.sluice.loadtest.simulate;

import dev.sluice.gateway.core.request.Prefix;
import dev.sluice.loadtest.workload.PrefixBlocks;

/**
 * The identity of a trace's prompts as hashes, each over the whole prompt up to its end: in the
 * trace's own blocks for the gateway, in blocks of key-value memory for an engine.
 */
final class PromptHashes {

  private static final long[] NONE = {};

  private PromptHashes() {}

  /** What the gateway can tell of the beginning of a prompt of {@code promptTokens}. */
  static Prefix prefix(PrefixBlocks blocks, int promptTokens) {
    int whole = Math.min(blocks.size(), promptTokens / blocks.blockTokens());
    return whole == 0 ? Prefix.NONE : new Prefix(blocks.blockTokens(), chained(blocks, whole));
  }

  /**
   * One hash for each full block of {@code blockTokens} of a prompt of {@code promptTokens}. Tokens
   * behind the last of the trace's blocks are the prompt's own and have no hash.
   */
  static long[] ofMemory(PrefixBlocks blocks, int promptTokens, int blockTokens) {
    long known = Math.min(promptTokens, (long) blocks.size() * blocks.blockTokens());
    int count = (int) (known / blockTokens);
    if (count == 0) {
      return NONE;
    }
    long[] chained = chained(blocks, blocks.size());
    long[] hashes = new long[count];
    for (int i = 0; i < count; i++) {
      long end = (long) (i + 1) * blockTokens;
      int block = (int) ((end - 1) / blocks.blockTokens());
      hashes[i] = mixed(chained[block] + end - (long) block * blocks.blockTokens());
    }
    return hashes;
  }

  /** One hash for each of the trace's blocks, also for a last one that is not full. */
  static long[] ofTrace(PrefixBlocks blocks) {
    return blocks.size() == 0 ? NONE : chained(blocks, blocks.size());
  }

  private static long[] chained(PrefixBlocks blocks, int count) {
    long[] hashes = new long[count];
    long hash = blocks.space();
    for (int i = 0; i < hashes.length; i++) {
      hash = mixed(mixed(hash) + blocks.id(i));
      hashes[i] = hash;
    }
    return hashes;
  }

  /** The finishing step of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
  private static long mixed(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
