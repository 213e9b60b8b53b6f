package dev.sluice.loadtest.workload;

import java.util.Arrays;

/**
 * The identity of a prompt, block by block: prompts that begin with the same ids in the same space
 * share that prefix. The last block may be partial; tokens after the last block are the prompt's
 * own.
 *
 * <p>Ids are kept as runs of consecutive numbers: prompts of an agent have thousands of blocks and
 * a handful of runs.
 */
public final class PrefixBlocks {
  /** Tokens in one block, as the Mooncake traces define it and as prompts are sent in. */
  public static final int BLOCK_TOKENS = 512;

  /** No published identity: the prompt shares nothing with any other. */
  public static final PrefixBlocks NONE = new PrefixBlocks(BLOCK_TOKENS, new int[0], new int[0], 0);

  /** Spaces below it belong to conversations, the rest to overlaid copies of them. */
  private static final int COPY_SHIFT = 20;

  private final int blockTokens;
  private final int[] firsts;
  private final int[] ends;
  private final int space;

  /**
   * Runs of ids.
   *
   * @param firsts first id of each run
   * @param ends number of blocks up to and including each run
   */
  private PrefixBlocks(int blockTokens, int[] firsts, int[] ends, int space) {
    this.blockTokens = blockTokens;
    this.firsts = firsts;
    this.ends = ends;
    this.space = space;
  }

  static PrefixBlocks of(int[] ids, int count) {
    Builder blocks = new Builder();
    for (int i = 0; i < count; i++) {
      blocks.add(ids[i], 1);
    }
    return blocks.build(BLOCK_TOKENS);
  }

  /** The same ids, with another size of a block and valid within one conversation only. */
  PrefixBlocks within(int otherBlockTokens, int conversationSpace) {
    return size() == 0 ? NONE : new PrefixBlocks(otherBlockTokens, firsts, ends, conversationSpace);
  }

  /**
   * The same blocks for other users: overlaid copies of a trace must not find each other's prefixes
   * in a cache, or the hit rate would rise with the number of copies.
   */
  PrefixBlocks inCopy(int copy) {
    if (size() == 0 || copy == 0) {
      return this;
    }
    int otherSpace = space == 0 ? copy : space + (copy << COPY_SHIFT);
    return new PrefixBlocks(blockTokens, firsts, ends, otherSpace);
  }

  /** A space for the ids of the n-th conversation of a trace whose ids are valid in it alone. */
  static int spaceOf(int conversation) {
    return 1 + conversation % ((1 << COPY_SHIFT) - 1);
  }

  /**
   * The same identity in blocks of 512 tokens, which cover the prompt: two prompts share a block
   * exactly when they share every part of it. What no whole id covers gets an id of its own.
   *
   * @param unique a number that no other prompt has
   */
  PrefixBlocks inSentBlocks(int inputTokens, long unique) {
    int count = Math.ceilDiv(inputTokens, BLOCK_TOKENS);
    if (size() == 0 || (blockTokens == BLOCK_TOKENS && size() == count)) {
      return this;
    }
    Builder blocks = new Builder();
    for (int block = 0; block < count; block++) {
      int first = block * BLOCK_TOKENS / blockTokens;
      int end = Math.min((block + 1) * BLOCK_TOKENS, inputTokens);
      int last = Math.ceilDiv(end, blockTokens) - 1;
      long hash = block * (long) BLOCK_TOKENS % blockTokens;
      for (int part = first; part <= Math.min(last, size() - 1); part++) {
        hash = Hashes.combine(hash, id(part));
      }
      blocks.add((int) (last < size() ? hash : Hashes.combine(unique, block)), 1);
    }
    return blocks.build(BLOCK_TOKENS).within(BLOCK_TOKENS, space);
  }

  /** Number of blocks; 0 without identity. */
  public int size() {
    return ends.length == 0 ? 0 : ends[ends.length - 1];
  }

  /** Tokens in one block. */
  public int blockTokens() {
    return blockTokens;
  }

  /** Id of a block, unique within its space. */
  public int id(int block) {
    int found = Arrays.binarySearch(ends, block);
    int run = found >= 0 ? found + 1 : -found - 1;
    return firsts[run] + block - (run == 0 ? 0 : ends[run - 1]);
  }

  /**
   * Within which the ids mean something: ids of different spaces are never the same. 0 is the trace
   * itself; overlaid copies and, where ids are local, conversations have their own.
   */
  public int space() {
    return space;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PrefixBlocks that
        && blockTokens == that.blockTokens
        && space == that.space
        && Arrays.equals(firsts, that.firsts)
        && Arrays.equals(ends, that.ends);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(firsts) + Arrays.hashCode(ends) + space;
  }

  /** The ids as runs, {@code 0+14;46+13}, with {@code @space} in front where it is not 0. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(space == 0 ? "" : "@" + space + ":");
    int start = 0;
    for (int run = 0; run < ends.length; run++) {
      text.append(run == 0 ? "" : ";").append(firsts[run]).append('+').append(ends[run] - start);
      start = ends[run];
    }
    return text.toString();
  }

  /** Collects ids in their order and joins those that follow each other. */
  static final class Builder {
    private int[] firsts = new int[4];
    private int[] ends = new int[4];
    private int runs;
    private int size;

    /**
     * Adds {@code first, first + 1, …}.
     *
     * @throws ArithmeticException when an id or the number of ids leaves the range of an int
     */
    void add(int first, int count) {
      Math.addExact(first, count);
      size = Math.addExact(size, count);
      if (runs > 0 && first == firsts[runs - 1] + ends[runs - 1] - startOfLastRun()) {
        ends[runs - 1] = size;
        return;
      }
      if (runs == ends.length) {
        firsts = Arrays.copyOf(firsts, 2 * runs);
        ends = Arrays.copyOf(ends, 2 * runs);
      }
      firsts[runs] = first;
      ends[runs] = size;
      runs++;
    }

    private int startOfLastRun() {
      return runs < 2 ? 0 : ends[runs - 2];
    }

    PrefixBlocks build(int blockTokens) {
      return size == 0
          ? NONE
          : new PrefixBlocks(
              blockTokens, Arrays.copyOf(firsts, runs), Arrays.copyOf(ends, runs), 0);
    }
  }
}
