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

  /**
   * What runs on what.
   *
   * @param kind kind of hardware
   * @param hardware name of the hardware, such as {@code h100}
   * @param devices how many of them
   * @param model name of the model, such as {@code llama-3.3-70b}
   * @param precision of the weights, such as {@code bf16}
   */
  public record Deployment(
      AcceleratorKind kind, String hardware, int devices, String model, String precision) {}

  /**
   * Energy of the deployment: joules per output token = {@code perStep/B + perToken} at batch B.
   *
   * @param perStepJoules E0
   * @param perTokenJoules E1
   * @param perPromptTokenJoules energy per prompt token
   * @param idleWatts drawn when nothing runs
   */
  public record Energy(
      double perStepJoules, double perTokenJoules, double perPromptTokenJoules, double idleWatts) {}

  /**
   * Price of the deployment: rented by the hour, or paid by the token (then {@code perHourUsd} is
   * 0).
   *
   * @param perHourUsd US dollars per hour for all devices
   * @param perMillionInputUsd US dollars per million prompt tokens
   * @param perMillionOutputUsd US dollars per million output tokens
   */
  public record Price(double perHourUsd, double perMillionInputUsd, double perMillionOutputUsd) {}
}
