package dev.sluice.gateway.core.request;

/**
 * A named default budget.
 *
 * @param name its name
 * @param budget what its requests can wait
 * @param value worth of a request that meets its budget, relative to other classes
 * @param criticality what is shed first
 * @param resumption which continuations will do for its requests that do not say
 */
public record ServiceClass(
    String name, Budget budget, double value, Criticality criticality, Resumption resumption) {

  /** Requests that name no class and whose model has no default. */
  public static final ServiceClass NONE =
      new ServiceClass("", Budget.NONE, 1, Criticality.CRITICAL);

  /** A class whose answers go on exactly or not at all. */
  public ServiceClass(String name, Budget budget, double value, Criticality criticality) {
    this(name, budget, value, criticality, Resumption.EXACT);
  }
}
