package dev.sluice.gateway.core.fleet;

/**
 * A deployment as it stands in one snapshot.
 *
 * @param deployment what never changes
 * @param load what we have under way there
 * @param reachable whether a request could be sent
 * @param report what it last said of itself
 * @param measured how fast it answered of late
 * @param calibration what was learned about forecasting it
 * @param price bid price: worth of a second of its time now, in units of a request's value
 */
public record DeploymentState(
    Deployment deployment,
    Load load,
    boolean reachable,
    Report report,
    Measured measured,
    Calibration calibration,
    double price) {

  /** {@code deployment}, idle and reachable, of which nothing is known but its figures. */
  public static DeploymentState fresh(Deployment deployment) {
    return new DeploymentState(
        deployment, Load.IDLE, true, Report.NONE, Measured.NOTHING, Calibration.NONE, 0);
  }

  DeploymentState with(Load next) {
    return new DeploymentState(deployment, next, reachable, report, measured, calibration, price);
  }

  DeploymentState with(Report next) {
    return new DeploymentState(deployment, load, reachable, next, measured, calibration, price);
  }

  DeploymentState with(Measured next) {
    return new DeploymentState(deployment, load, reachable, report, next, calibration, price);
  }

  DeploymentState with(Calibration next) {
    return new DeploymentState(deployment, load, reachable, report, measured, next, price);
  }

  DeploymentState withReachable(boolean next) {
    return new DeploymentState(deployment, load, next, report, measured, calibration, price);
  }

  DeploymentState withPrice(double next) {
    return new DeploymentState(deployment, load, reachable, report, measured, calibration, next);
  }
}
