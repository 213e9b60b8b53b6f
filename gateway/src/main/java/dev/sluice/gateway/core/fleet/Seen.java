package dev.sluice.gateway.core.fleet;

/**
 * What was seen of a deployment from outside.
 *
 * @param reachable whether a request could be sent
 * @param report what it last said of itself
 * @param measured how fast it answered of late
 */
record Seen(boolean reachable, Report report, Measured measured) {

  Seen with(Report next) {
    return new Seen(reachable, next, measured);
  }

  Seen with(Measured next) {
    return new Seen(reachable, report, next);
  }

  Seen withReachable(boolean next) {
    return new Seen(next, report, measured);
  }
}
