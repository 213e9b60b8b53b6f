package dev.sluice.loadtest.report;

import java.io.PrintStream;
import java.util.Map;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * {@code latency.hlog}: an HdrHistogram V2 log, one entry for each measure and class, in
 * nanoseconds. Logs of several runs merge without loss. Failures are not in it: a histogram has no
 * place for a value without end.
 */
final class HistogramLog {
  /** 1 µs … 1 h at three significant digits. */
  private static final long LOWEST_NANOS = 1_000;

  private static final long HIGHEST_NANOS = 3_600_000_000_000L;

  private HistogramLog() {}

  static void write(RunReport report, PrintStream out) {
    HistogramLogWriter writer = new HistogramLogWriter(out);
    writer.outputLogFormatVersion();
    writer.outputLegend();
    long horizonMillis = report.run().schedule().horizonNanos() / 1_000_000;
    for (Map.Entry<String, Slice> entry : report.byClass.entrySet()) {
      Slice slice = entry.getValue();
      Entries entries = new Entries(writer, entry.getKey(), horizonMillis);
      entries.write("ttft_intended", histogramOf(slice.ttftFromIntended));
      entries.write("ttft_sent", histogramOf(slice.ttftFromSent));
      entries.write("tpot", histogramOf(slice.tpot));
      entries.write("total_intended", histogramOf(slice.totalFromIntended));
      entries.write("total_sent", histogramOf(slice.totalFromSent));
      AbstractHistogram gaps = report.run().tokenGaps().get(entry.getKey());
      if (gaps != null) {
        Histogram copy = empty();
        copy.add(gaps);
        entries.write("itl", copy);
      }
    }
  }

  /** The entries of one class. */
  private record Entries(HistogramLogWriter writer, String className, long horizonMillis) {
    void write(String measure, Histogram histogram) {
      histogram.setTag(measure + "." + className.replaceAll("[^A-Za-z0-9_-]", "_"));
      histogram.setStartTimeStamp(0);
      histogram.setEndTimeStamp(horizonMillis);
      writer.outputIntervalHistogram(histogram);
    }
  }

  private static Histogram histogramOf(LatencySample sample) {
    Histogram histogram = empty();
    for (long nanos : sample.values()) {
      histogram.recordValue(Math.min(nanos, HIGHEST_NANOS));
    }
    return histogram;
  }

  private static Histogram empty() {
    return new Histogram(LOWEST_NANOS, HIGHEST_NANOS, 3);
  }
}
