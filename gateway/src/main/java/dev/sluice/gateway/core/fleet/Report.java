package dev.sluice.gateway.core.fleet;

/**
 * What a deployment last said of its load, reduced to what our own books do not know: the work that
 * others sent there.
 *
 * @param atNanos when it was said
 * @param running sequences that have a place, ours and others'
 * @param waiting sequences that wait for one, ours and others'
 * @param hiddenSequences sequences under way that are not ours
 * @param hiddenPrefillTokens prompt tokens not yet processed that are not ours
 */
public record Report(
    long atNanos, int running, int waiting, int hiddenSequences, long hiddenPrefillTokens) {

  /** Nothing was said. */
  public static final Report NONE = new Report(Long.MIN_VALUE, 0, 0, 0, 0);

  /**
   * What to make of a report: counts below zero or beyond reason are a lie, and only what we saw
   * counts then.
   */
  static Report of(Observation.Reported said, Load own) {
    if (said.running() < 0 || said.waiting() < 0 || said.pendingPrefillTokens() < 0) {
      return NONE;
    }
    int others = Math.max(0, said.running() + said.waiting() - own.inFlight());
    long prefill = Math.max(0, said.pendingPrefillTokens() - own.prefillTokens());
    return new Report(
        said.nowNanos(), said.running(), said.waiting(), others, others == 0 ? 0 : prefill);
  }
}
