package dev.sluice.loadtest.simulate.fault;

import dev.sluice.gateway.core.fleet.Deployment;

/**
 * How a backend really is.
 *
 * @param deployment what the gateway knows of it
 * @param firstTokenNanos until the first token when nobody is ahead
 * @param perTokenNanos between tokens
 * @param places streams at once
 * @param room streams that wait for a place
 * @param latencyNanos on the way to it and back
 */
record Script(
    Deployment deployment,
    long firstTokenNanos,
    long perTokenNanos,
    int places,
    int room,
    long latencyNanos) {

  /** Answers of {@code tokens} tokens that it gives in a second. */
  double perSecond(double tokens) {
    return places * 1e9 / (firstTokenNanos + tokens * perTokenNanos);
  }

  int index() {
    return deployment.index();
  }

  String name() {
    return deployment.backend();
  }
}
