package dev.sluice.gateway.transport;

import java.util.List;

/** What every front holds the values of a request to. Each check names the field that breaks it. */
public final class Checks {

  /** As OpenAI's API has it. */
  private static final int MAX_INPUTS = 2048;

  /** As OpenAI's API has it, for all inputs of a request together. */
  private static final int MAX_INPUT_TOKENS = 300_000;

  private static final int MAX_STOPS = 16;
  private static final int MAX_STOP_CHARACTERS = 256;
  private static final int MAX_NAME_CHARACTERS = 128;
  private static final String NAME_CHARACTERS =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:/-";

  private Checks() {}

  /** {@code value} is a name. */
  public static void name(String field, String value) throws UnreadableException {
    if (!isName(value)) {
      throw UnreadableException.malformed(
          "%s: %d characters (expected: 1 to %d characters of A-Z a-z 0-9 . _ : / -)"
              .formatted(field, value.length(), MAX_NAME_CHARACTERS));
    }
  }

  /** {@code value} is a name, or empty. */
  public static void nameOrEmpty(String field, String value) throws UnreadableException {
    if (!value.isEmpty() && !isName(value)) {
      throw UnreadableException.malformed(
          "%s: %d characters (expected: up to %d characters of A-Z a-z 0-9 . _ : / -)"
              .formatted(field, value.length(), MAX_NAME_CHARACTERS));
    }
  }

  private static boolean isName(String value) {
    boolean fits = !value.isEmpty() && value.length() <= MAX_NAME_CHARACTERS;
    for (int i = 0; fits && i < value.length(); i++) {
      fits = NAME_CHARACTERS.indexOf(value.charAt(i)) >= 0;
    }
    return fits;
  }

  /** {@code value} lies in the range of a temperature. */
  public static void temperature(String field, double value) throws UnreadableException {
    if (!(value >= 0 && value <= 2)) {
      throw UnreadableException.malformed(field + ": " + value + " (expected: 0 to 2.0)");
    }
  }

  /** {@code value} is a sum of probabilities that some token reaches. */
  public static void topP(String field, double value) throws UnreadableException {
    if (!(value > 0 && value <= 1)) {
      throw UnreadableException.malformed(field + ": " + value + " (expected: above 0 to 1.0)");
    }
  }

  /** {@code value} is a cost that something may have. */
  public static void maxCostUsd(String field, double value) throws UnreadableException {
    if (!(value > 0)) {
      throw UnreadableException.malformed(field + ": " + value + " (expected: above zero)");
    }
  }

  /** A request with {@code count} inputs has some, and not too many. */
  public static void inputs(String field, int count) throws UnreadableException {
    if (count < 1 || count > MAX_INPUTS) {
      throw UnreadableException.malformed(
          "%s: %d (expected: 1 to %d)".formatted(field, count, MAX_INPUTS));
    }
  }

  /** Inputs of {@code tokens} tokens together are not too much. */
  static void inputTokens(long tokens) throws UnreadableException {
    if (tokens > MAX_INPUT_TOKENS) {
      throw UnreadableException.malformed(
          "input: %d tokens together (expected: at most %d)".formatted(tokens, MAX_INPUT_TOKENS));
    }
  }

  /** {@code stops} are few and none is empty. */
  public static void stops(String field, List<String> stops) throws UnreadableException {
    if (stops.size() > MAX_STOPS) {
      throw UnreadableException.malformed(
          "%s: %d texts (expected: at most %d)".formatted(field, stops.size(), MAX_STOPS));
    }
    for (String stop : stops) {
      if (stop.isEmpty() || stop.length() > MAX_STOP_CHARACTERS) {
        throw UnreadableException.malformed(
            "%s: a text of %d characters (expected: 1 to %d)"
                .formatted(field, stop.length(), MAX_STOP_CHARACTERS));
      }
    }
  }
}
