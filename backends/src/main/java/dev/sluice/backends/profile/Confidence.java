package dev.sluice.backends.profile;

import java.util.Locale;

/** How much a figure can be relied on, strongest first. */
enum Confidence {
  /** Fitted to raw measurements of a real engine. */
  MEASURED,
  /** The maker's data sheet. */
  DATASHEET,
  /** Somebody else's measurement, or a published price or configuration. */
  PUBLISHED,
  /** Calculated by us from figures none of which is weaker than this. */
  DERIVED,
  /** A vendor's claim that nobody else has checked. */
  CLAIMED,
  /** Engineering judgement or memory. */
  ASSUMED;

  /** The weaker of the two. */
  Confidence atMost(Confidence other) {
    return compareTo(other) >= 0 ? this : other;
  }

  /** The word used in files and tables. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
