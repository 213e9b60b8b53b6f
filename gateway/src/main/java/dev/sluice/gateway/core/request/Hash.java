package dev.sluice.gateway.core.request;

/**
 * A 64-bit hash folded over numbers, one multiplication each.
 *
 * <p>Well mixed but not secret: who chooses numbers on purpose can make two hashes equal, which
 * misleads an estimate and nothing worse.
 */
public final class Hash {

  /** Where folding begins. */
  public static final long SEED = 0xCBF29CE484222325L;

  /** Multiplier of MurmurHash3's 64-bit lane: odd, with well spread bits. */
  private static final long FACTOR = 0x87C37B91114253D5L;

  private Hash() {}

  /** The state after {@code number} was folded into {@code state}. */
  public static long fold(long state, long number) {
    return Long.rotateLeft((state ^ number) * FACTOR, 29);
  }

  /** SplitMix64's finalizer: every bit of the result depends on every bit of {@code value}. */
  public static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
