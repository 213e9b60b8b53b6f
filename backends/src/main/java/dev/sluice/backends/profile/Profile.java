package dev.sluice.backends.profile;

/**
 * The figures of one hardware × model × precision × parallelism.
 *
 * @param name such as {@code h100x4-llama-3.3-70b}
 * @param deployment what runs on what
 * @param service how it serves
 * @param overheadNanos added to the first token whatever the load: network, request handling (net +
 *     α0)
 * @param energy joules and watts
 * @param price US dollars
 * @param contextTokens most tokens of prompt and answer together
 */
public record Profile(
    String name,
    Deployment deployment,
    Service service,
    double overheadNanos,
    Energy energy,
    Price price,
    int contextTokens) {

  public Profile {
    Checks.notBlank("name", name);
    Checks.notNegative("overheadNanos", overheadNanos);
    Checks.atLeast("contextTokens", contextTokens, 1);
  }

  /**
   * The same serving at most {@code sequences} at once: the slots of a slot engine, the largest
   * batch of a batching one.
   */
  public Profile withSlots(int sequences) {
    return new Profile(
        name,
        deployment,
        service.withSequences(sequences),
        overheadNanos,
        energy,
        price,
        contextTokens);
  }

  /** The same at another price. */
  public Profile withPrice(Price other) {
    return new Profile(name, deployment, service, overheadNanos, energy, other, contextTokens);
  }

  /**
   * What runs on what.
   *
   * @param kind kind of hardware
   * @param hardware name of the hardware, such as {@code h100}
   * @param devices how many of them
   * @param model name of the model, such as {@code llama-3.3-70b}
   * @param precision of the weights, such as {@code bf16}
   * @param vendor who makes the hardware; empty: not said
   * @param dimensions length of the vectors that an embedding model makes; 0: it generates
   */
  public record Deployment(
      AcceleratorKind kind,
      String hardware,
      int devices,
      String model,
      String precision,
      String vendor,
      int dimensions) {

    /** A deployment of a model that generates, on hardware whose vendor is not said. */
    public Deployment(
        AcceleratorKind kind, String hardware, int devices, String model, String precision) {
      this(kind, hardware, devices, model, precision, "", 0);
    }

    public Deployment {
      Checks.notBlank("hardware", hardware);
      Checks.atLeast("devices", devices, 1);
      Checks.notBlank("model", model);
      Checks.notBlank("precision", precision);
      Checks.atLeast("dimensions", dimensions, 0);
    }

    /** Whether the model embeds; else it generates. */
    public boolean embeds() {
      return dimensions > 0;
    }
  }

  /**
   * Energy of the deployment: joules per output token = {@code perStep/B + perToken} at batch B.
   *
   * @param perStepJoules E0
   * @param perTokenJoules E1
   * @param perPromptTokenJoules energy per prompt token
   * @param idleWatts drawn when nothing runs
   */
  public record Energy(
      double perStepJoules, double perTokenJoules, double perPromptTokenJoules, double idleWatts) {

    public Energy {
      Checks.notNegative("perStepJoules", perStepJoules);
      Checks.notNegative("perTokenJoules", perTokenJoules);
      Checks.notNegative("perPromptTokenJoules", perPromptTokenJoules);
      Checks.notNegative("idleWatts", idleWatts);
    }

    /** Joules per output token when {@code sequences} decode together, at least 1. */
    public double perTokenJoules(int sequences) {
      return perStepJoules / sequences + perTokenJoules;
    }
  }

  /**
   * Price of the deployment: rented by the hour, or paid by the token (then {@code perHourUsd} is
   * 0).
   *
   * @param perHourUsd US dollars per hour for all devices
   * @param perMillionInputUsd US dollars per million prompt tokens
   * @param perMillionOutputUsd US dollars per million output tokens
   */
  public record Price(double perHourUsd, double perMillionInputUsd, double perMillionOutputUsd) {

    public Price {
      Checks.notNegative("perHourUsd", perHourUsd);
      Checks.notNegative("perMillionInputUsd", perMillionInputUsd);
      Checks.notNegative("perMillionOutputUsd", perMillionOutputUsd);
    }
  }
}
