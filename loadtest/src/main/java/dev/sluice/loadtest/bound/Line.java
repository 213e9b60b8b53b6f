package dev.sluice.loadtest.bound;

/** {@code base + slope·i} over the whole numbers i. */
record Line(double base, double slope) {

  Line plus(double moreBase, double moreSlope) {
    return new Line(base + moreBase, slope + moreSlope);
  }

  double at(long i) {
    return base + slope * i;
  }

  /** Sum over i = first … last; 0 if there is none. */
  double sum(long first, long last) {
    double count = Math.max(0, last - first + 1);
    return count * (base + slope * (first + last) / 2);
  }

  /** Sum over i = 1 … last of the lesser of two lines, which change places at most once. */
  static double sumOfLess(long last, Line one, Line other) {
    if (last < 1) {
      return 0;
    }
    boolean oneFirst = one.at(1) <= other.at(1);
    Line before = oneFirst ? one : other;
    Line after = oneFirst ? other : one;
    if (before.at(last) <= after.at(last)) {
      return before.sum(1, last);
    }
    double crossing = (after.base - before.base) / (before.slope - after.slope);
    long upTo = Math.clamp((long) crossing, 1, last);
    return before.sum(1, upTo) + after.sum(upTo + 1, last);
  }
}
