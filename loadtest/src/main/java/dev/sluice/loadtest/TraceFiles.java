package dev.sluice.loadtest;

import dev.sluice.loadtest.workload.TraceOptions;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The arguments that name a trace and say what it does not say itself. */
final class TraceFiles {
  @Option(
      names = "--trace",
      split = ",",
      paramLabel = "FILE",
      description = "A trace of any published format; several files are parts of one.")
  private List<Path> files = List.of();

  @Option(
      names = "--arrival-rate",
      paramLabel = "R",
      description = "Requests a second of a trace that has lengths alone.")
  private double arrivalRate;

  @Option(
      names = "--conversation-rate",
      paramLabel = "R",
      description = "Conversations a second that begin in a trace without their start times.")
  private double conversationRate = TraceOptions.DEFAULT_CONVERSATION_RATE;

  /** The files; none: no trace is named. */
  List<Path> files() {
    return files;
  }

  /**
   * How to read them.
   *
   * @throws IllegalArgumentException if a rate makes no sense
   */
  TraceOptions options(long seed) {
    return TraceOptions.seeded(seed)
        .withArrivalRate(arrivalRate)
        .withConversationRate(conversationRate);
  }
}
