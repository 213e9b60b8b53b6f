package dev.sluice.gateway.core.selection;

/** Which of the reasons to leave a deployment alone for a while do not count. */
public enum Leniency {
  /** All count. */
  NONE(true, true),
  /** That it has as many requests as it is given at once. */
  LIMITS(false, true),
  /** What its failures say: an ill one is better than none. */
  HEALTH(true, false),
  /** Both. */
  BOTH(false, false);

  private final boolean heedsLimits;
  private final boolean heedsHealth;

  Leniency(boolean heedsLimits, boolean heedsHealth) {
    this.heedsLimits = heedsLimits;
    this.heedsHealth = heedsHealth;
  }

  boolean heedsLimits() {
    return heedsLimits;
  }

  boolean heedsHealth() {
    return heedsHealth;
  }

  Leniency inDespair() {
    return heedsLimits ? HEALTH : BOTH;
  }

  Leniency withoutLimits() {
    return heedsHealth ? LIMITS : BOTH;
  }
}
