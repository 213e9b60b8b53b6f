package dev.sluice.loadtest.workload;

import java.util.Arrays;

/**
 * The identity of a prompt, block by block of 512 tokens: prompts that begin with the same ids
 * share that prefix. The last block may be partial.
 */
public final class PrefixBlocks {
  /** Tokens in one block, as the Mooncake traces define it. */
  public static final int BLOCK_TOKENS = 512;

  /** No published identity: the prompt shares nothing with any other. */
  public static final PrefixBlocks NONE = new PrefixBlocks(new int[0], 0);

  private final int[] ids;
  private final int space;

  private PrefixBlocks(int[] ids, int space) {
    this.ids = ids;
    this.space = space;
  }

  static PrefixBlocks of(int[] ids, int count) {
    return new PrefixBlocks(Arrays.copyOf(ids, count), 0);
  }

  /**
   * The same blocks for other users: overlaid copies of a trace must not find each other's prefixes
   * in a cache, or the hit rate would rise with the number of copies.
   */
  PrefixBlocks inSpace(int otherSpace) {
    return ids.length == 0 ? this : new PrefixBlocks(ids, otherSpace);
  }

  /** Number of blocks; 0 without identity. */
  public int size() {
    return ids.length;
  }

  /** Id of a block, unique within its space. */
  public int id(int block) {
    return ids[block];
  }

  /** Which overlaid copy of the trace the ids belong to; 0 is the trace itself. */
  public int space() {
    return space;
  }

  /** The ids as runs, {@code 0+14;46+13}, with {@code @space} in front where it is not 0. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(space == 0 ? "" : "@" + space + ":");
    for (int start = 0; start < ids.length; ) {
      int end = start + 1;
      while (end < ids.length && ids[end] == ids[end - 1] + 1) {
        end++;
      }
      text.append(start == 0 ? "" : ";").append(ids[start]).append('+').append(end - start);
      start = end;
    }
    return text.toString();
  }
}
