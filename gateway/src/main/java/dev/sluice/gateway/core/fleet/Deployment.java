package dev.sluice.gateway.core.fleet;

import java.util.List;

/**
 * A model on a backend.
 *
 * @param index its place in the fleet, from 0
 * @param identity its names
 * @param figures its speed as its profile has it
 * @param economics its cost
 * @param contextTokens most tokens of prompt and answer together
 * @param tenants who may use it; empty: everybody
 * @param skills what it can do beyond answering in words
 */
public record Deployment(
    int index,
    Identity identity,
    Figures figures,
    Economics economics,
    int contextTokens,
    List<String> tenants,
    Skills skills) {

  public Deployment {
    tenants = List.copyOf(tenants);
  }

  /** A deployment that every tenant may use and that continues nothing. */
  public Deployment(
      int index, Identity identity, Figures figures, Economics economics, int contextTokens) {
    this(index, identity, figures, economics, contextTokens, List.of(), Skills.NONE);
  }

  /**
   * The names of a deployment.
   *
   * @param backend name of the backend
   * @param model name of the model
   * @param kind kind of hardware
   * @param region where it stands; empty: not said
   * @param profile name of the profile; empty: none
   * @param vendor who makes the hardware; empty: not said
   */
  public record Identity(
      String backend,
      String model,
      AcceleratorKind kind,
      String region,
      String profile,
      String vendor) {}

  /** What its continuation of an answer is worth that another began. */
  public Continuation continuation() {
    return skills.continuation();
  }

  /** Name of the backend. */
  public String backend() {
    return identity.backend();
  }

  /** Kind of hardware. */
  public AcceleratorKind kind() {
    return identity.kind();
  }

  /** Estimated cost in US dollars of a million tokens of prompts. */
  public double perMillionInputUsd() {
    return 1e6 * economics.costUsd(figures.enginePerPromptTokenNanos(), 1, 0);
  }

  /** Estimated cost in US dollars of a million tokens of answers of usual length. */
  public double perMillionOutputUsd() {
    return 1e6 * economics.costUsd(figures.enginePerOutputTokenNanos(), 0, 1);
  }

  /** Estimated cost in US dollars of a request. */
  public double costUsd(int promptTokens, int outputTokens) {
    return economics.costUsd(
        figures.engineNanos(promptTokens, outputTokens), promptTokens, outputTokens);
  }
}
