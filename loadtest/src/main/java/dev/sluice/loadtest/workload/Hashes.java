package dev.sluice.loadtest.workload;

/** Mixing of 64-bit values, the same on every machine. */
final class Hashes {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private Hashes() {}

  /** Spreads every input bit over all output bits: the finaliser of SplitMix64 (Steele, 2014). */
  static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }

  /** A value that depends on both and on their order. */
  static long combine(long first, long second) {
    return mix(first * GOLDEN_GAMMA + second + GOLDEN_GAMMA);
  }

  static long of(String text) {
    long hash = text.length();
    for (int i = 0; i < text.length(); i++) {
      hash = combine(hash, text.charAt(i));
    }
    return hash;
  }

  /** A hash as a number from 0 up to, not including, 1. */
  static double share(long hash) {
    return (hash >>> 11) * 0x1.0p-53;
  }
}
