package dev.sluice.loadtest.workload;

/**
 * One request of a trace.
 *
 * @param atNanos its arrival; of a row just parsed, on the trace's own time line, afterwards since
 *     the first request or, where arrivals are drawn, since the start of the draw
 * @param inputTokens tokens of its prompt; at least 1
 * @param outputTokens tokens of its answer; at least 1
 * @param prefix identity of its prompt
 * @param terms who asks, and on what terms
 * @param turn its place in a conversation
 */
public record TraceRow(
    long atNanos, int inputTokens, int outputTokens, PrefixBlocks prefix, Terms terms, Turn turn) {
  /** A request of nobody in particular, outside any conversation. */
  public TraceRow(long atNanos, int inputTokens, int outputTokens, PrefixBlocks prefix) {
    this(atNanos, inputTokens, outputTokens, prefix, Terms.NONE, Turn.NONE);
  }

  /** Tokens of prompt and answer: what a model's context has to hold. */
  public int contextTokens() {
    return inputTokens + outputTokens;
  }

  TraceRow at(long otherNanos) {
    return new TraceRow(otherNanos, inputTokens, outputTokens, prefix, terms, turn);
  }

  TraceRow on(Terms otherTerms) {
    return new TraceRow(atNanos, inputTokens, outputTokens, prefix, otherTerms, turn);
  }

  TraceRow in(Turn otherTurn) {
    return new TraceRow(atNanos, inputTokens, outputTokens, prefix, terms, otherTurn);
  }

  /** The same request of other users, who share no prefix and no conversation with these. */
  TraceRow inCopy(int copy) {
    return copy == 0
        ? this
        : new TraceRow(
            atNanos, inputTokens, outputTokens, prefix.inCopy(copy), terms, turn.inCopy(copy));
  }
}
