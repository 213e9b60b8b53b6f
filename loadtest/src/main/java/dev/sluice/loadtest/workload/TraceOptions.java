package dev.sluice.loadtest.workload;

/**
 * What a trace does not say itself.
 *
 * @param seed of every draw: spread of a coarse tick, arrivals and lengths that are drawn, scaling
 * @param arrivalRate requests a second of a trace that has lengths alone; 0: not given
 * @param conversationRate conversations a second that begin, Poisson, in a trace of conversations
 *     without start times
 * @param contextTokens context above which rows are counted (they are not changed); 0: not given
 * @param reorderRows how many rows a row may come after its place and still be put there
 */
public record TraceOptions(
    long seed, double arrivalRate, double conversationRate, int contextTokens, int reorderRows) {
  /**
   * One a minute: with the published agent conversations, 65 requests in 140 minutes each, that is
   * about one request a second and 140 open conversations, the load of a small team.
   */
  public static final double DEFAULT_CONVERSATION_RATE = 1.0 / 60;

  /** Chosen without measurement: recorders that write at the end of a request stray by less. */
  public static final int DEFAULT_REORDER_ROWS = 1024;

  private static final int MAX_REORDER_ROWS = 1 << 20;

  public TraceOptions {
    if (!(arrivalRate >= 0 && arrivalRate <= 1e6)) {
      throw new IllegalArgumentException(
          "arrival rate: " + arrivalRate + " req/s (expected: above 0, up to a million)");
    }
    if (!(conversationRate > 0 && conversationRate <= 1e6)) {
      throw new IllegalArgumentException(
          "conversation rate: "
              + conversationRate
              + " a second (expected: above 0, up to a million)");
    }
    if (contextTokens < 0) {
      throw new IllegalArgumentException(
          "context: " + contextTokens + " tokens (expected: 0 for none, or more)");
    }
    if (reorderRows < 0 || reorderRows > MAX_REORDER_ROWS) {
      throw new IllegalArgumentException(
          "reorder window: " + reorderRows + " rows (expected: 0 … " + MAX_REORDER_ROWS + ")");
    }
  }

  /** Defaults for everything but the seed. */
  public static TraceOptions seeded(long seed) {
    return new TraceOptions(seed, 0, DEFAULT_CONVERSATION_RATE, 0, DEFAULT_REORDER_ROWS);
  }

  /** The same with a rate for traces that have lengths alone. */
  public TraceOptions withArrivalRate(double rate) {
    return new TraceOptions(seed, rate, conversationRate, contextTokens, reorderRows);
  }

  /** The same with a rate at which conversations begin. */
  public TraceOptions withConversationRate(double rate) {
    return new TraceOptions(seed, arrivalRate, rate, contextTokens, reorderRows);
  }

  /** The same with a context above which rows are counted. */
  public TraceOptions withContextTokens(int tokens) {
    return new TraceOptions(seed, arrivalRate, conversationRate, tokens, reorderRows);
  }

  /** The same with another reorder window. */
  public TraceOptions withReorderRows(int rows) {
    return new TraceOptions(seed, arrivalRate, conversationRate, contextTokens, rows);
  }
}
