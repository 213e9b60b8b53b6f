package dev.sluice.gateway.transport;

import io.grpc.Metadata;
import java.util.List;

/**
 * Reads on whose behalf a request is made from its metadata, which is llm-d's in both spellings.
 * Two values that differ are an error, like those of a budget.
 */
final class Tenants {

  /** The tenant of a request that names none, as llm-d has it. */
  static final String DEFAULT = "default-flow";

  private static final List<Metadata.Key<String>> KEYS =
      List.of(
          Metadata.Key.of("x-llm-d-inference-fairness-id", Metadata.ASCII_STRING_MARSHALLER),
          Metadata.Key.of("x-gateway-inference-fairness-id", Metadata.ASCII_STRING_MARSHALLER));

  private Tenants() {}

  /** The tenant of a request. */
  static String read(Metadata metadata) throws UnreadableException {
    String found = "";
    for (Metadata.Key<String> key : KEYS) {
      Iterable<String> values = metadata.getAll(key);
      if (values == null) {
        continue;
      }
      for (String value : values) {
        RequestReader.checkName(key.name(), value, false);
        if (!found.isEmpty() && !value.equals(found)) {
          throw UnreadableException.malformed(
              "%s: '%s' contradicts '%s' (expected: one value)"
                  .formatted(key.name(), value, found));
        }
        found = value;
      }
    }
    return found.isEmpty() ? DEFAULT : found;
  }
}
