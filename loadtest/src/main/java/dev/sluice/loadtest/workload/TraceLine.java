package dev.sluice.loadtest.workload;

/** What a line of a trace turned out to be. */
sealed interface TraceLine {
  /** Ten million tokens: above every model's context, and a prompt of 20 MB. */
  int MAX_TOKENS = 10_000_000;

  /** A request. */
  record Parsed(TraceRow row) implements TraceLine {}

  /**
   * Nothing that could be sent.
   *
   * @param kind short name of the fault, to count by
   * @param detail thing, value and expectation
   */
  record Unusable(String kind, String detail) implements TraceLine {
    static Unusable broken(String detail) {
      return new Unusable("broken line", detail);
    }
  }

  /** A row with lengths that can be sent, or why not. */
  static TraceLine of(long atNanos, long inputTokens, long outputTokens, PrefixBlocks prefix) {
    if (inputTokens < 1 || inputTokens > MAX_TOKENS) {
      return new Unusable("bad length", "input tokens: " + inputTokens + " (expected: 1 …)");
    }
    if (outputTokens < 1 || outputTokens > MAX_TOKENS) {
      return new Unusable("bad length", "output tokens: " + outputTokens + " (expected: 1 …)");
    }
    long blocks = Math.ceilDiv(inputTokens, prefix.blockTokens());
    if (prefix.size() > blocks) {
      return Unusable.broken(
          "prefix: %d blocks for %d tokens (expected: at most %d)"
              .formatted(prefix.size(), inputTokens, blocks));
    }
    return new Parsed(new TraceRow(atNanos, (int) inputTokens, (int) outputTokens, prefix));
  }

  /** The row on these terms and at this place in a conversation, if there is a row. */
  default TraceLine with(Terms terms, Turn turn) {
    return switch (this) {
      case Parsed(TraceRow row) -> new Parsed(row.on(terms).in(turn));
      case Unusable unusable -> unusable;
    };
  }
}
