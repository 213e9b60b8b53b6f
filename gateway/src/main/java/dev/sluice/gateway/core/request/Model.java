package dev.sluice.gateway.core.request;

import java.util.List;

/**
 * A model that can be asked for.
 *
 * @param name its name
 * @param aliases other names for it
 * @param contextTokens most tokens of prompt and answer together
 * @param maxOutputTokens most tokens of an answer when the request does not say
 * @param serviceClass class of requests that name none; empty: none
 * @param budget default for what neither the request nor its class says
 * @param task what it does
 */
public record Model(
    String name,
    List<String> aliases,
    int contextTokens,
    int maxOutputTokens,
    String serviceClass,
    Budget budget,
    Task task) {
  public Model {
    aliases = List.copyOf(aliases);
  }

  /** A model that generates. */
  public Model(
      String name,
      List<String> aliases,
      int contextTokens,
      int maxOutputTokens,
      String serviceClass,
      Budget budget) {
    this(name, aliases, contextTokens, maxOutputTokens, serviceClass, budget, Task.GENERATE);
  }
}
