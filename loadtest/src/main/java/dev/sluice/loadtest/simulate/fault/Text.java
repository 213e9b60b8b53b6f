package dev.sluice.loadtest.simulate.fault;

import dev.sluice.gateway.core.request.Hash;
import org.jspecify.annotations.Nullable;

/**
 * An answer as it should be: token i is a pure function of the question and i, a number of 64 bits
 * that no other token shares.
 *
 * @param before the answer up to {@code from} when somebody went on with it in words of his own;
 *     null: one answer throughout
 * @param from first token that is its own
 * @param key what its tokens are drawn from
 * @param tokens how many it has
 */
record Text(@Nullable Text before, int from, long key, int tokens) {

  /** Increment of SplitMix64: 2^64 divided by the golden ratio. */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  /** Most tokens by which a continuation in other words is longer or shorter. */
  private static final int OTHER_TOKENS = 12;

  /** The answer to the question that {@code key} stands for. */
  static Text of(long key, int tokens) {
    return new Text(null, 0, key, tokens);
  }

  /** Token {@code at}, from 0. */
  long token(int at) {
    Text earlier = before;
    return earlier != null && at < from ? earlier.token(at) : Hash.mix(key + (at + 1L) * GOLDEN);
  }

  /** What somebody makes of it who knows its first {@code known} tokens and has his own words. */
  Text inOtherWords(int known, long salt) {
    long otherKey = Hash.mix(Hash.fold(key, salt));
    return new Text(this, known, otherKey, known + 1 + Math.floorMod(otherKey, OTHER_TOKENS));
  }

  /** A number that stands for the first {@code known} tokens. */
  long beginning(int known) {
    long hash = Hash.SEED;
    for (int i = 0; i < known; i++) {
      hash = Hash.fold(hash, token(i));
    }
    return hash;
  }
}
