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
 */
public record Model(
    String name,
    List<String> aliases,
    int contextTokens,
    int maxOutputTokens,
    String serviceClass,
    Budget budget) {
  public Model {
    aliases = List.copyOf(aliases);
  }
}
