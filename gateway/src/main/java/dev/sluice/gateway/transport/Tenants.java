package dev.sluice.gateway.transport;

import java.util.List;

/**
 * Reads on whose behalf a request is made from its headers, which are llm-d's in both spellings.
 * Two values that differ are an error, like those of a budget.
 */
public final class Tenants {

  /** The tenant of a request that names none, as llm-d has it. */
  static final String DEFAULT = "default-flow";

  private static final List<HeaderName> NAMES =
      List.of(
          HeaderName.of("x-llm-d-inference-fairness-id"),
          HeaderName.of("x-gateway-inference-fairness-id"));

  private Tenants() {}

  /** The tenant of a request. */
  public static String read(Headers headers) throws UnreadableException {
    String found = "";
    for (HeaderName name : NAMES) {
      Iterable<String> values = headers.all(name);
      if (values == null) {
        continue;
      }
      for (String value : values) {
        Checks.name(name.text(), value);
        if (!found.isEmpty() && !value.equals(found)) {
          throw UnreadableException.malformed(
              "%s: '%s' contradicts '%s' (expected: one value)"
                  .formatted(name.text(), value, found));
        }
        found = value;
      }
    }
    return found.isEmpty() ? DEFAULT : found;
  }
}
