package dev.sluice.loadtest.workload;

/**
 * One request of a trace.
 *
 * @param atNanos its arrival; of a row just parsed, on the trace's own time line, afterwards since
 *     the first request
 * @param inputTokens tokens of its prompt; at least 1
 * @param outputTokens tokens of its answer; at least 1
 * @param prefix identity of its prompt
 */
public record TraceRow(long atNanos, int inputTokens, int outputTokens, PrefixBlocks prefix) {
  TraceRow at(long otherNanos) {
    return new TraceRow(otherNanos, inputTokens, outputTokens, prefix);
  }
}
