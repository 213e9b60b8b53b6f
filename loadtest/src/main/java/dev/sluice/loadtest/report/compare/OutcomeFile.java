package dev.sluice.loadtest.report.compare;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A file with a line for each request, as live and simulated runs write it. */
final class OutcomeFile {
  private static final double NANOS = 1e9;

  private final Path file;
  private final Map<String, Integer> columns = new LinkedHashMap<>();
  private final boolean live;
  private List<String> fields = List.of();
  private int lineNumber = 1;

  private OutcomeFile(Path file, String header) throws ReportException {
    this.file = file;
    for (String column : List.of(header.split(",", -1))) {
      columns.put(column, columns.size());
    }
    this.live = columns.containsKey("intended_ns");
    if (!live && !columns.containsKey("arrival_s")) {
      throw new ReportException(
          file + ": no column arrival_s or intended_ns (expected: a line for each request)");
    }
  }

  /** Reads the requests in the order of their arrival. */
  static Sample read(Path file, long requests) throws IOException, ReportException {
    try (BufferedReader in = Files.newBufferedReader(file)) {
      String header = in.readLine();
      OutcomeFile outcomes = new OutcomeFile(file, header == null ? "" : header);
      Sample.Builder sample = new Sample.Builder((int) requests);
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        outcomes.lineNumber++;
        outcomes.fields = List.of(line.split(",", -1));
        if (sample.isFull()) {
          throw outcomes.wrongLength("more", requests);
        }
        outcomes.addTo(sample);
      }
      if (!sample.isFull()) {
        throw outcomes.wrongLength(String.valueOf(outcomes.lineNumber - 1), requests);
      }
      return sample.build();
    }
  }

  private ReportException wrongLength(String found, long expected) {
    return new ReportException(
        "%s: %s requests (expected: %d, as in the report)".formatted(file, found, expected));
  }

  private void addTo(Sample.Builder sample) throws ReportException {
    double endless = number("output_tokens", 0) > 1 ? Double.POSITIVE_INFINITY : Double.NaN;
    if (live) {
      addLive(sample, endless);
    } else {
      addSimulated(sample, endless);
    }
  }

  /**
   * Adds a line of a live run.
   *
   * @param endless time per token of a request without an answer
   */
  private void addLive(Sample.Builder sample, double endless) throws ReportException {
    boolean completed = text("outcome").equals("completed");
    double intended = number("intended_ns", Double.NaN);
    double first = number("first_token_ns", Double.NaN);
    double last = number("last_token_ns", Double.NaN);
    double tokens = number("tokens", 0);
    double tpot = tokens > 1 ? (last - first) / (tokens - 1) / NANOS : Double.NaN;
    sample.add(
        (long) number("index", 0),
        intended / NANOS,
        text("attained").equals("1"),
        completed ? (first - intended) / NANOS : Double.POSITIVE_INFINITY,
        completed ? tpot : endless,
        number("cost_usd", 0));
  }

  private void addSimulated(Sample.Builder sample, double endless) throws ReportException {
    boolean completed = !text("total_s").isEmpty();
    sample.add(
        (long) number("id", 0),
        number("arrival_s", Double.NaN),
        text("met").equals("1"),
        completed ? number("ttft_s", Double.NaN) : Double.POSITIVE_INFINITY,
        completed ? number("tpot_s", Double.NaN) : endless,
        number("cost_usd", 0));
  }

  private double number(String column, double whenEmpty) throws ReportException {
    String text = text(column);
    try {
      return text.isEmpty() ? whenEmpty : Double.parseDouble(text);
    } catch (NumberFormatException _) {
      throw new ReportException(
          "%s:%d: %s: %s (expected: a number)".formatted(file, lineNumber, column, text));
    }
  }

  private String text(String column) throws ReportException {
    int index = columns.getOrDefault(column, fields.size());
    if (index >= fields.size()) {
      throw new ReportException("%s:%d: no %s (expected: one)".formatted(file, lineNumber, column));
    }
    return fields.get(index);
  }
}
