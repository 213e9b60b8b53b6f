package dev.sluice.loadtest.workload;

/** What a line of a trace turned out to be. */
sealed interface TraceLine {
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
    return new Parsed(new TraceRow(atNanos, (int) inputTokens, (int) outputTokens, prefix));
  }

  /** Ten million tokens: above every model's context, and a prompt of 20 MB. */
  int MAX_TOKENS = 10_000_000;
}
