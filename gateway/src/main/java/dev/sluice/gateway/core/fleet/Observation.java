package dev.sluice.gateway.core.fleet;

/** Something that happened on a deployment and changes the next snapshot. */
public sealed interface Observation {

  /** Something that happened on one deployment. */
  sealed interface OfDeployment extends Observation {

    /** Index of the deployment. */
    int deployment();
  }

  /** An attempt was sent at {@code nowNanos}. */
  record Dispatched(int deployment, Work work, long nowNanos) implements OfDeployment {}

  /** The first token of an attempt came, {@code sinceSentNanos} after it was sent. */
  record FirstToken(int deployment, Work work, long sinceSentNanos, long nowNanos)
      implements OfDeployment {}

  /**
   * An attempt ended.
   *
   * @param outputTokens tokens of the answer; 0 when its first token never came
   * @param complete whether it ended regularly
   * @param sinceSentNanos time since it was sent
   */
  record Ended(
      int deployment,
      Work work,
      int outputTokens,
      boolean complete,
      long sinceSentNanos,
      long nowNanos)
      implements OfDeployment {}

  /**
   * An attempt failed by the deployment's fault; said beside {@link Ended}.
   *
   * @param slow whether it did no worse than to be too slow
   * @param sinceSentNanos time since it was sent
   */
  record Faulted(int deployment, boolean slow, long sinceSentNanos, long nowNanos)
      implements OfDeployment {}

  /** An operator wants a deployment to get no new work, or wants it back. */
  record Drained(int deployment, boolean drained) implements OfDeployment {}

  /**
   * A deployment asked to be left alone for {@code nanos}, or has used up its limit for so long.
   */
  record PushedBack(int deployment, long nanos, long nowNanos) implements OfDeployment {}

  /** A backend was found to be reachable, or not. */
  record Reachability(int deployment, boolean reachable) implements OfDeployment {}

  /** A backend said how busy it is; the counts are as it gave them. */
  record Reported(
      int deployment, int running, int waiting, long pendingPrefillTokens, long nowNanos)
      implements OfDeployment {}

  /** Something was learned about forecasting a deployment. */
  record Learned(int deployment, Calibration calibration) implements OfDeployment {}

  /** Time passed: prices follow the load. */
  record Tick(long nowNanos) implements Observation {}
}
