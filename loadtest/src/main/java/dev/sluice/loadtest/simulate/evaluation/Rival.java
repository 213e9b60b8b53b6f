package dev.sluice.loadtest.simulate.evaluation;

import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.prediction.Forecaster;
import dev.sluice.gateway.core.request.AdmittedRequest;

/** A way to forecast. */
interface Rival {

  /** Its name in reports. */
  String name();

  /** What it expects of a quantity of a request at the instant it is sent. */
  Said.Law law(Quantity quantity, Question question);

  /** Learns what came of it, when a gateway would. */
  void learn(Quantity quantity, Question question, double nanos);

  /** What it says of a request. */
  default Opinion say(Question question) {
    return new Opinion(
        Said.of(Quantity.FIRST_TOKEN, law(Quantity.FIRST_TOKEN, question)),
        Said.of(Quantity.PER_TOKEN, law(Quantity.PER_TOKEN, question)));
  }

  /**
   * A request about to be sent.
   *
   * @param request the request
   * @param state where to
   * @param queued whether somebody is ahead there
   * @param learned what the gateway forecasts
   * @param physics what it would forecast if it had learned nothing
   */
  record Question(
      AdmittedRequest request,
      DeploymentState state,
      boolean queued,
      Forecaster learned,
      Forecaster physics) {

    int deployment() {
      return state.deployment().index();
    }

    /** The data sheet's forecast. */
    double physicsNanos(Quantity quantity) {
      return switch (quantity) {
        case FIRST_TOKEN -> physics.firstTokenNanos();
        case PER_TOKEN -> physics.perTokenNanos();
      };
    }

    /** Backend and regime. */
    String group() {
      return state.deployment().backend() + (queued ? " queued" : " idle");
    }
  }
}
