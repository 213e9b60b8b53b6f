package dev.sluice.loadtest.simulate;

import dev.sluice.loadtest.report.SimulatedTrace;
import dev.sluice.loadtest.workload.ClassMix;
import dev.sluice.loadtest.workload.ServiceClass;
import dev.sluice.loadtest.workload.TraceCursor;
import dev.sluice.loadtest.workload.TraceOptions;
import dev.sluice.loadtest.workload.TraceRow;
import dev.sluice.loadtest.workload.TraceSource;
import dev.sluice.loadtest.workload.TraceSummary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The requests of a trace.
 *
 * @param files of the trace; several are parts of one
 * @param options what the trace does not say itself; their seed is that of the first run
 * @param classes who asks, where the trace does not say
 * @param models what for
 * @param isClosedLoop whether a row that follows an answer waits for its end
 */
public record TraceWorkload(
    List<Path> files, TraceOptions options, ClassMix classes, ModelMix models, boolean isClosedLoop)
    implements Workload {

  public TraceWorkload {
    files = List.copyOf(files);
  }

  @Override
  public List<String> classNames() {
    return classes.classes().stream().map(ServiceClass::name).toList();
  }

  @Override
  public SimulatedTrace description() throws IOException {
    return description(summary());
  }

  /** What it is, by the {@link #summary} of it. */
  public SimulatedTrace description(TraceSummary summary) {
    List<TraceSummary.TraceFile> read = summary.files();
    return new SimulatedTrace(
        read.stream().map(TraceSummary.TraceFile::name).collect(Collectors.joining(", ")),
        checksum(read),
        summary.rows().kept(),
        summary.spanSeconds(),
        isClosedLoop);
  }

  /**
   * What reading the whole trace finds.
   *
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if it is to be played in a closed loop and was not recorded in
   *     one
   */
  public TraceSummary summary() throws IOException {
    try (TraceCursor cursor = new TraceSource(files, options).open()) {
      boolean follows = false;
      for (TraceRow row = cursor.next(); row != null; row = cursor.next()) {
        follows |= row.turn().followsAnswer();
      }
      if (isClosedLoop && !follows) {
        throw new IllegalArgumentException(
            "closed-loop: no row of %s says after which answer it came (expected: some, as in agent JSON)"
                .formatted(files.getFirst().getFileName()));
      }
      return cursor.summary();
    }
  }

  private static String checksum(List<TraceSummary.TraceFile> files) {
    if (files.size() == 1) {
      return files.getFirst().sha256();
    }
    String joined =
        files.stream().map(TraceSummary.TraceFile::sha256).collect(Collectors.joining());
    return Checksum.of(joined.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public ArrivalSource arrivals(double scale, long seed) throws IOException {
    TraceOptions seeded =
        new TraceOptions(
            seed,
            options.arrivalRate(),
            options.conversationRate(),
            options.contextTokens(),
            options.reorderRows());
    TraceCursor rows = new TraceSource(files, seeded).scaledBy(scale).open();
    return new TraceArrivals(rows, classes, models, seed);
  }
}
