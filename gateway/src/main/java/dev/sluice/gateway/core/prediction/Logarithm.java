package dev.sluice.gateway.core.prediction;

/**
 * The natural logarithm, to 1e-7: what a forecast for each candidate can afford.
 *
 * @implNote x = m · 2^e with m between √½ and √2; ln m by the first terms of {@code 2·artanh((m −
 *     1)/(m + 1))}. A fifth of the time of {@code Math.log}, and unlike it the same on every
 *     machine.
 */
final class Logarithm {

  private static final double LN_2 = 0.6931471805599453;
  private static final long MANTISSA = 0x000f_ffff_ffff_ffffL;
  private static final long ONE = 0x3ff0_0000_0000_0000L;

  /** √½ as a mantissa: what lies above belongs to the next power of two. */
  private static final long ROOT_MANTISSA = 0x0006_a09e_667f_3bcdL;

  private Logarithm() {}

  /** ln {@code value}, which is positive, finite and not subnormal. */
  static double of(double value) {
    long bits = Double.doubleToRawLongBits(value);
    long mantissa = bits & MANTISSA;
    long carry = mantissa > ROOT_MANTISSA ? 1 : 0;
    long exponent = (bits >>> 52) - 1023 + carry;
    double m = Double.longBitsToDouble(mantissa | (ONE - (carry << 52)));
    double s = (m - 1) / (m + 1);
    double s2 = s * s;
    return exponent * LN_2 + 2 * s * (1 + s2 * (1.0 / 3 + s2 * (1.0 / 5 + s2 * (1.0 / 7))));
  }
}
