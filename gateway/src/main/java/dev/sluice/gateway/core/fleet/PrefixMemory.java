package dev.sluice.gateway.core.fleet;

import dev.sluice.gateway.core.request.Hash;
import dev.sluice.gateway.core.request.Prefix;
import java.util.Arrays;

/**
 * What a deployment probably still holds of the prompts that we sent there. Immutable: {@link
 * #after} gives the next one and copies only the pages that it changes.
 *
 * <p>Implementation note. An engine's prefix cache evicts what was unused for longest when its
 * key-value memory is full. Time is counted here as the engine's memory feels it: in tokens written
 * since. A block counts as held while fewer tokens than fit into the memory were written after its
 * last use. It is kept under the hash of the prompt up to its end, in a table of {@link #WAYS}
 * places for each residue of the hash, where the oldest gives way; a page is eight such rows. Of
 * prompts in small blocks only every so many is kept that {@link #GRAIN_TOKENS} lie between them.
 *
 * <p>That is an estimate: it does not see what others send there, nor where the engine's own order
 * differs. It serves as a credit in forecasts, never as a promise.
 */
final class PrefixMemory {

  /** Tokens between two kept hashes: what a credit is rounded down to. */
  static final int GRAIN_TOKENS = 256;

  /** Places for each residue of the hash: one cache line of keys. */
  private static final int WAYS = 8;

  private static final int ROWS_OF_PAGE = 8;
  private static final int PLACES_OF_PAGE = WAYS * ROWS_OF_PAGE;

  /** Length of a row: hashes and counts. */
  private static final int ROW = 2 * WAYS;

  /** Room beyond what the engine holds, so that full rows seldom lose what it still has. */
  private static final double SLACK = 1.5;

  /** Traces number blocks from 0; a neighbour's number would be taken for it. */
  private static final long INSTEAD_OF_ZERO = 0x9E3779B97F4A7C15L;

  /** Most pages: 128 KiB for a deployment, which stand for 1.4 million tokens. */
  private static final int MOST_PAGES = 128;

  /** A page on which nothing was written. */
  private static final long[] BLANK = new long[ROWS_OF_PAGE * ROW];

  /**
   * Rows of {@link #WAYS} hashes, 0 where there is none, followed by as many counts of the tokens
   * that were written when each was last used: flat, because a decision looks into hundreds.
   */
  private final long[][] pages;

  private final long capacityTokens;
  private final long writtenTokens;

  private PrefixMemory(long[][] pages, long capacityTokens, long writtenTokens) {
    this.pages = pages;
    this.capacityTokens = capacityTokens;
    this.writtenTokens = writtenTokens;
  }

  /** Of a deployment that was never asked, whose cache holds {@code capacityTokens}. */
  static PrefixMemory empty(long capacityTokens) {
    if (capacityTokens < GRAIN_TOKENS) {
      return new PrefixMemory(new long[0][], 0, 0);
    }
    long pages = (long) Math.ceil(SLACK * capacityTokens / GRAIN_TOKENS / PLACES_OF_PAGE);
    int count = (int) Math.min(MOST_PAGES, Long.highestOneBit(Math.max(1, 2 * pages - 1)));
    long[][] blank = new long[count][];
    Arrays.fill(blank, BLANK);
    return new PrefixMemory(blank, capacityTokens, 0);
  }

  /** The memory of the same deployment after it lost everything. */
  PrefixMemory forgotten() {
    return empty(capacityTokens);
  }

  /** The memory after a prompt that begins with {@code prefix} and wrote so many tokens. */
  PrefixMemory after(Prefix prefix, int tokens) {
    if (pages.length == 0) {
      return this;
    }
    long stamp = writtenTokens + tokens;
    if (prefix.blocks() == 0) {
      return new PrefixMemory(pages, capacityTokens, stamp);
    }
    long[][] next = pages.clone();
    int stride = stride(prefix);
    long most = capacityTokens / ((long) stride * prefix.blockTokens());
    for (int i = 0; i < most && (i + 1) * stride <= prefix.blocks(); i++) {
      touch(next, hash(prefix, i, stride), stamp);
    }
    return new PrefixMemory(next, capacityTokens, stamp);
  }

  @SuppressWarnings("ReferenceEquality") // a page that is still the old one must be copied
  private void touch(long[][] next, long hash, long stamp) {
    int index = page(hash);
    if (next[index] == pages[index]) {
      next[index] = pages[index].clone();
    }
    long[] page = next[index];
    int row = row(hash);
    int place = row;
    for (int i = row; i < row + WAYS; i++) {
      if (page[i] == hash) {
        place = i;
        break;
      }
      if (page[i + WAYS] < page[place + WAYS]) {
        place = i;
      }
    }
    page[place] = hash;
    page[place + WAYS] = stamp;
  }

  /**
   * Tokens at the beginning of a prompt that are probably held. Since an engine drops a prompt's
   * end before its beginning, the last block held is found by halving.
   */
  int heldTokens(Prefix prefix) {
    int stride = stride(prefix);
    int grains = prefix.blocks() / stride;
    if (pages.length == 0 || grains == 0 || !holds(hash(prefix, 0, stride))) {
      return 0;
    }
    int held = 0;
    int missing = grains;
    while (missing - held > 1) {
      int middle = (held + missing) >>> 1;
      if (holds(hash(prefix, middle, stride))) {
        held = middle;
      } else {
        missing = middle;
      }
    }
    return (held + 1) * stride * prefix.blockTokens();
  }

  private boolean holds(long hash) {
    long[] page = pages[page(hash)];
    int row = row(hash);
    for (int i = row; i < row + WAYS; i++) {
      if (page[i] == hash) {
        return writtenTokens - page[i + WAYS] < capacityTokens;
      }
    }
    return false;
  }

  private static int stride(Prefix prefix) {
    return Math.max(1, GRAIN_TOKENS / prefix.blockTokens());
  }

  /** Hash of the grain at {@code index}; never 0, which marks an empty place. */
  private static long hash(Prefix prefix, int index, int stride) {
    long hash = prefix.blockHash((index + 1) * stride - 1);
    return hash == 0 ? INSTEAD_OF_ZERO : hash;
  }

  /** Hashes from traces may be small numbers in a row, so the bits are mixed first. */
  private int page(long hash) {
    return (int) (Hash.mix(hash) >>> 32) & (pages.length - 1);
  }

  private static int row(long hash) {
    return ((int) Hash.mix(hash) & (ROWS_OF_PAGE - 1)) * ROW;
  }

  @Override
  public String toString() {
    return "PrefixMemory[%d tokens fit, %d written]".formatted(capacityTokens, writtenTokens);
  }
}
