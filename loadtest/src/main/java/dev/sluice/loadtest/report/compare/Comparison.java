package dev.sluice.loadtest.report.compare;

import dev.sluice.loadtest.report.Intervals;
import dev.sluice.loadtest.report.TextTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * A baseline and what is compared with it, judged.
 *
 * <p>Where several policies or rates are compared, their decisive intervals hold together: the more
 * of them, the wider.
 */
public final class Comparison {
  /**
   * What is asked.
   *
   * @param metric the one that decides
   * @param selection which of the simulated runs are compared
   * @param within the largest part by which each quantile may differ, in place of the verdict by
   *     intervals; empty: by intervals
   */
  public record Question(Metric metric, Selection selection, OptionalDouble within) {
    public Question {
      if (within.isPresent() && !(within.getAsDouble() >= 0)) {
        throw new IllegalArgumentException(
            "within: " + within.getAsDouble() + " (expected: 0 or more)");
      }
    }
  }

  private final ReportFile first;
  private final ReportFile second;
  private final Question question;
  private final List<Pair> pairs;
  private final double tail;

  private Comparison(ReportFile first, ReportFile second, Question question, List<Pair> pairs) {
    this.first = first;
    this.second = second;
    this.question = question;
    this.pairs = pairs;
    this.tail = Intervals.TAIL / pairs.size();
  }

  /** Compares two reports, the first of which is the baseline. */
  public static Comparison of(ReportFile first, ReportFile second, Question question)
      throws IOException, ReportException {
    List<Pair> pairs = new Pairing(first, second, question.selection()).pairs();
    for (Pair pair : pairs) {
      for (Metric metric :
          question.within().isPresent() ? Metric.QUANTILES : List.of(question.metric())) {
        pair.require(metric);
      }
    }
    return new Comparison(first, second, question, pairs);
  }

  /** Whether the second report is worse, or, if so asked, too far away. */
  public boolean worse() {
    return pairs.stream()
        .anyMatch(
            pair ->
                question.within().isPresent()
                    ? !tooFar(pair).isEmpty()
                    : decisive(pair).judgement() == Judgement.WORSE);
  }

  /** The comparison as text: a table for each pair, and the verdict. */
  public String render() {
    StringBuilder text = new StringBuilder();
    addReport(text, "A", first);
    addReport(text, "B", second);
    for (Pair pair : pairs) {
      addPair(text, pair);
    }
    text.append('\n').append(notes()).append("\n\n");
    for (Pair pair : pairs) {
      text.append(question.within().isPresent() ? distance(pair) : verdict(pair)).append('\n');
    }
    return text.toString();
  }

  private static void addReport(StringBuilder text, String name, ReportFile report) {
    text.append(name).append("  ").append(report.file());
    text.append(report.live() ? ", live\n" : ", simulated\n");
    for (LoadedRun run : report.runs()) {
      for (String fault : run.faults()) {
        text.append("   INVALID: ").append(fault).append('\n');
      }
    }
  }

  private void addPair(StringBuilder text, Pair pair) {
    List<List<String>> rows = new ArrayList<>();
    String title = pair.first().title();
    if (!title.equals(pair.second().title())) {
      title += " against " + pair.second().title();
    }
    rows.add(List.of("", "A", "B", "B − A", "95 % interval", ""));
    for (Pair.Row row : pair.rows(question.metric(), tail)) {
      rows.add(
          List.of(
              row.metric().title(),
              Wording.figure(row.metric(), row.first()),
              Wording.figure(row.metric(), row.second()),
              Wording.difference(row),
              Wording.interval(row),
              row.judgement().toString()));
    }
    text.append('\n').append(title).append('\n').append(TextTable.render(rows));
    text.append(pair.evidence().describe()).append('\n');
  }

  private String notes() {
    return "%s decides%s; the intervals of the other metrics hold together. ∞: among the failures; –: not told."
        .formatted(
            question.metric().key(),
            pairs.size() > 1 ? ", its %d intervals hold together".formatted(pairs.size()) : "");
  }

  private Pair.Row decisive(Pair pair) {
    return pair.row(question.metric(), tail);
  }

  private String verdict(Pair pair) {
    Pair.Row row = decisive(pair);
    return "%s: %s, %s %s (95 %% interval %s)"
        .formatted(
            pair.second().title(),
            row.judgement(),
            row.metric().key(),
            Wording.difference(row),
            Wording.interval(row));
  }

  private String distance(Pair pair) {
    List<String> far = tooFar(pair);
    String limit = Wording.number(100 * question.within().orElse(0)) + " %";
    return far.isEmpty()
        ? pair.second().title() + ": every quantile within " + limit
        : "%s: beyond %s: %s".formatted(pair.second().title(), limit, String.join(", ", far));
  }

  /** The quantiles that differ by more than is allowed. */
  private List<String> tooFar(Pair pair) {
    List<String> far = new ArrayList<>();
    for (Metric metric : Metric.QUANTILES) {
      Pair.Row row =
          new Pair.Row(metric, pair.first().figure(metric), pair.second().figure(metric));
      if (!(Math.abs(row.difference()) <= question.within().orElse(0))) {
        far.add(String.format(Locale.ROOT, "%s %s", metric.key(), Wording.difference(row)));
      }
    }
    return far;
  }
}
