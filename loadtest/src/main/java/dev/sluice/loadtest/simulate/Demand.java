package dev.sluice.loadtest.simulate;

import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Constraints;

/**
 * What many requests ask alike.
 *
 * @param model name of the model
 * @param serviceClass name of the service class, which the gateway must know
 * @param budget what the requests carry
 * @param constraints what a deployment must satisfy
 */
record Demand(String model, String serviceClass, Budget budget, Constraints constraints) {

  /** The demand of requests that carry the budget of {@code serviceClass}, whoever serves. */
  static Demand of(String model, dev.sluice.loadtest.workload.ServiceClass serviceClass) {
    dev.sluice.loadtest.workload.Budget budget = serviceClass.budget();
    return new Demand(
        model,
        serviceClass.name(),
        new Budget(budget.ttftNanos(), budget.tpotNanos(), budget.totalNanos()),
        Constraints.NONE);
  }
}
