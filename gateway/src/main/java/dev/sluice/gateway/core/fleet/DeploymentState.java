package dev.sluice.gateway.core.fleet;

import dev.sluice.gateway.core.request.Size;

/**
 * A deployment as it stands in one snapshot.
 *
 * @param deployment what never changes
 * @param load what we have under way there
 * @param health whether it should be asked
 * @param report what it last said of itself
 * @param past what it was asked and how it answered
 * @param calibration what was learned about forecasting it
 * @param price bid price: worth of a second of its time now, in units of a request's value
 */
public record DeploymentState(
    Deployment deployment,
    Load load,
    Health health,
    Report report,
    Past past,
    Calibration calibration,
    double price) {

  /**
   * A price as soon as there is one worth mentioning. At five times as much, a tenant that asks for
   * a hundred times its share costs the others 7 % of theirs in place of 0.4 % (scenario {@code
   * fair-share}).
   */
  private static final double SCARCE_PRICE = 0.3;

  /** A tenth of the budget for a first token of somebody in a hurry. */
  private static final long SCARCE_WAIT_NANOS = 50_000_000;

  /** A deployment of which earlier prompts are not known. */
  public DeploymentState(
      Deployment deployment,
      Load load,
      boolean reachable,
      Report report,
      Measured measured,
      Calibration calibration,
      double price) {
    this(
        deployment,
        load,
        Health.GOOD.with(reachable),
        report,
        Past.of(deployment, measured),
        calibration,
        price);
  }

  /** {@code deployment}, idle and reachable, of which nothing is known but its figures. */
  public static DeploymentState fresh(Deployment deployment) {
    return new DeploymentState(
        deployment, Load.IDLE, true, Report.NONE, Measured.NOTHING, Calibration.NONE, 0);
  }

  /** Whether a request could be sent. */
  public boolean reachable() {
    return health.reachable();
  }

  /** How fast it answered of late. */
  public Measured measured() {
    return past.measured();
  }

  /** How many requests of ours it is given at once. */
  ConcurrencyLimit limit() {
    return past.limit();
  }

  /** Requests that it holds at once and can begin within a second, as its figures have it. */
  public int places() {
    return past.limit().places();
  }

  /** Whether it has as many requests of ours as it is given at once. */
  public boolean isAtLimit() {
    return past.limit().isReached(load.inFlight());
  }

  /** Sequences under way there, ours and others', as far as known. */
  public int sequences() {
    return load.inFlight() + report.hiddenSequences();
  }

  /** Prompt tokens waiting there to be processed, ours and others', as far as known. */
  public long pendingTokens() {
    return load.prefillTokens() + report.hiddenPrefillTokens();
  }

  /**
   * Tokens of a prompt of {@code size} that it probably holds: the last one is always processed, to
   * have something to answer from.
   */
  public int cachedTokens(Size size) {
    return size.prefix().blocks() == 0
        ? 0
        : Math.min(past.prefixes().heldTokens(size.prefix()), size.promptTokens() - 1);
  }

  /** Watts that it draws by estimate. */
  public double watts() {
    return Power.watts(deployment, sequences(), load.prefillTokens(), load.kvTokens());
  }

  /** Watts that it would draw with a further prompt of {@code promptTokens} uncached tokens. */
  public double wattsWith(int promptTokens) {
    return Power.watts(
        deployment, sequences() + 1, load.prefillTokens() + promptTokens, load.kvTokens());
  }

  /**
   * Whether others would be better off without a further request here: its time has a high price,
   * or as much is waiting as a caller in a hurry has time for.
   */
  boolean isScarce() {
    Figures figures = deployment.figures();
    return price >= SCARCE_PRICE
        || load.prefillTokens() * figures.enginePerPromptTokenNanos() >= SCARCE_WAIT_NANOS
        || (figures instanceof Figures.Slots slots && sequences() >= slots.slots());
  }

  DeploymentState with(Load next) {
    return new DeploymentState(deployment, next, health, report, past, calibration, price);
  }

  DeploymentState with(Report next) {
    return new DeploymentState(deployment, load, health, next, past, calibration, price);
  }

  DeploymentState with(Past next) {
    return new DeploymentState(deployment, load, health, report, next, calibration, price);
  }

  DeploymentState with(Calibration next) {
    return new DeploymentState(deployment, load, health, report, past, next, price);
  }

  DeploymentState with(Health next) {
    return new DeploymentState(deployment, load, next, report, past, calibration, price);
  }

  DeploymentState withPrice(double next) {
    return new DeploymentState(deployment, load, health, report, past, calibration, next);
  }
}
