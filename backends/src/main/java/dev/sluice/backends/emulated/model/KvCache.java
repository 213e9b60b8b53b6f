package dev.sluice.backends.emulated.model;

import dev.sluice.backends.profile.Service;
import org.jspecify.annotations.Nullable;

/**
 * The key-value memory of a batch engine: blocks of tokens, and full prompt blocks kept for reuse.
 *
 * <p>Only counts are kept for blocks that nobody shares. A full prompt block is known by the hash
 * of the prompt up to its end; when its last user leaves it stays findable among the free blocks
 * until it is the least recently used and a block is needed.
 */
final class KvCache {

  /** A full prompt block that can be found by its hash. */
  static final class Block {
    final long hash;
    int users = 1;
    @Nullable Block older;
    @Nullable Block newer;

    Block(long hash) {
      this.hash = hash;
    }
  }

  /** Share of the blocks that an admission leaves free, so that those who run can grow. */
  private static final double WATERMARK_RATIO = 0.01;

  private final int blockTokens;
  private final long totalBlocks;
  private final long watermarkBlocks;
  private final boolean prefixCache;
  private final BlockTable findable = new BlockTable();

  /** Blocks without a user, findable ones included. */
  private long freeBlocks;

  /** Findable blocks without a user. */
  private long idleBlocks;

  private @Nullable Block oldestIdle;
  private @Nullable Block newestIdle;

  KvCache(Service.BatchLimits limits) {
    blockTokens = limits.blockTokens();
    if (blockTokens < 1) {
      throw new IllegalArgumentException("blockTokens: " + blockTokens + " (expected: >= 1)");
    }
    totalBlocks = limits.kvTokens() / blockTokens;
    watermarkBlocks = (long) Math.ceil(totalBlocks * WATERMARK_RATIO);
    if (totalBlocks <= watermarkBlocks) {
      throw new IllegalArgumentException(
          "kvTokens: " + limits.kvTokens() + " (expected: >= " + 2 * blockTokens + ")");
    }
    prefixCache = limits.prefixCache();
    freeBlocks = totalBlocks;
  }

  int blockTokens() {
    return blockTokens;
  }

  long freeBlocks() {
    return freeBlocks;
  }

  /** Share of the blocks in use when {@code growth} more than were allocated are. */
  double usedRatio(long growth) {
    return (double) (totalBlocks - freeBlocks + growth) / totalBlocks;
  }

  int longestSequenceTokens() {
    return (int) Math.min(Integer.MAX_VALUE, (totalBlocks - watermarkBlocks) * blockTokens);
  }

  /**
   * Gives {@code sequence} the blocks of its prompt, unless fewer than the watermark and {@code
   * reservedBlocks} would remain.
   *
   * @return tokens that need not be computed because their blocks were found; -1 when refused
   */
  int tryAdmit(Sequence sequence, long reservedBlocks) {
    int found = countFound(sequence);
    long fresh = blocksOf(sequence.prefillTokens) - found;
    long wanted = fresh + countIdle(sequence, found);
    if (freeBlocks - wanted < watermarkBlocks + reservedBlocks) {
      return -1;
    }
    for (int i = 0; i < found; i++) {
      share(sequence, use(sequence.blockHashes()[i]));
    }
    allocate(fresh);
    return found * blockTokens;
  }

  /** Makes the full blocks of the prompt, which is computed now, findable. */
  void promptComputed(Sequence sequence) {
    int full = fullPromptBlocks(sequence);
    for (int i = sequence.sharedCount; i < full; i++) {
      Block block = new Block(sequence.blockHashes()[i]);
      // a block that another sequence computed meanwhile stays the findable one
      if (findable.addIfAbsent(block)) {
        share(sequence, block);
      }
    }
  }

  /** Takes {@code blocks} free blocks; the least recently used findable ones are forgotten. */
  void allocate(long blocks) {
    freeBlocks -= blocks;
    if (freeBlocks < 0) {
      throw new IllegalStateException("freeBlocks: " + freeBlocks + " (expected: >= 0)");
    }
    while (idleBlocks > freeBlocks && oldestIdle != null) {
      Block block = oldestIdle;
      findable.remove(block.hash);
      unlink(block);
    }
  }

  /** Frees what {@code sequence} holds, which are {@code heldTokens} tokens. */
  void release(Sequence sequence, long heldTokens) {
    freeBlocks += blocksOf(heldTokens) - sequence.sharedCount;
    @Nullable Block[] shared = sequence.shared;
    // the end of a prompt is forgotten before its beginning, which more prompts share
    for (int i = sequence.sharedCount - 1; shared != null && i >= 0; i--) {
      Block block = shared[i];
      if (block != null && --block.users == 0) {
        freeBlocks++;
        linkNewest(block);
      }
    }
    sequence.shared = null;
    sequence.sharedCount = 0;
  }

  private long blocksOf(long tokens) {
    return (tokens + blockTokens - 1) / blockTokens;
  }

  private int fullPromptBlocks(Sequence sequence) {
    return prefixCache
        ? Math.min(sequence.blockHashes().length, sequence.promptTokens() / blockTokens)
        : 0;
  }

  /** Findable blocks at the prompt's beginning; at least one token is left to compute. */
  private int countFound(Sequence sequence) {
    int most = Math.min(fullPromptBlocks(sequence), (sequence.prefillTokens - 1) / blockTokens);
    int found = 0;
    while (found < most && findable.find(sequence.blockHashes()[found]) != null) {
      found++;
    }
    return found;
  }

  private int countIdle(Sequence sequence, int found) {
    int idle = 0;
    for (int i = 0; i < found; i++) {
      Block block = findable.find(sequence.blockHashes()[i]);
      idle += block != null && block.users == 0 ? 1 : 0;
    }
    return idle;
  }

  private Block use(long hash) {
    Block block = findable.find(hash);
    if (block == null) {
      throw new IllegalStateException("block: " + hash + " (expected: findable)");
    }
    if (block.users++ == 0) {
      freeBlocks--;
      unlink(block);
    }
    return block;
  }

  private void share(Sequence sequence, Block block) {
    @Nullable Block[] shared = sequence.shared;
    if (shared == null) {
      shared = new Block[fullPromptBlocks(sequence)];
      sequence.shared = shared;
    }
    shared[sequence.sharedCount++] = block;
  }

  private void linkNewest(Block block) {
    block.older = newestIdle;
    block.newer = null;
    if (newestIdle == null) {
      oldestIdle = block;
    } else {
      newestIdle.newer = block;
    }
    newestIdle = block;
    idleBlocks++;
  }

  private void unlink(Block block) {
    if (block.older == null) {
      oldestIdle = block.newer;
    } else {
      block.older.newer = block.newer;
    }
    if (block.newer == null) {
      newestIdle = block.older;
    } else {
      block.newer.older = block.older;
    }
    block.older = null;
    block.newer = null;
    idleBlocks--;
  }

  @Override
  public String toString() {
    return "KvCache["
        + freeBlocks
        + " of "
        + totalBlocks
        + " blocks free, "
        + idleBlocks
        + " kept]";
  }
}
