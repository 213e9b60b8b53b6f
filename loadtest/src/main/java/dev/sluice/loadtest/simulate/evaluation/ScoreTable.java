package dev.sluice.loadtest.simulate.evaluation;

import java.util.Locale;
import java.util.Map;

/** A scoreboard as text for people and as CSV for tools. */
final class ScoreTable {

  private static final String HEAD =
      "%-12s %-34s %7s %7s  %-24s %-13s %7s %7s%n"
          .formatted(
              "FORECASTER",
              "OF",
              "N",
              "ERROR",
              "PINBALL .5/.9/.99 (ms)",
              "COVER .90/.99",
              "BRIER",
              "ECE");

  private ScoreTable() {}

  /** One section a quantity: every forecaster in all, then the gateway's backend by backend. */
  static String text(Scoreboard board) {
    StringBuilder text = new StringBuilder();
    for (Quantity quantity : Quantity.values()) {
      text.append(quantity.label()).append('\n').append(HEAD);
      section(text, board, quantity.label(), true);
      section(text, board, quantity.label(), false);
    }
    text.append("All parts of a budget (ms) at once\n").append(jointHead());
    board
        .scores()
        .forEach(
            (key, score) -> {
              if (key.quantity().equals(Scoreboard.JOINT)) {
                text.append(jointRow(key, score));
              }
            });
    return text.toString();
  }

  private static void section(
      StringBuilder text, Scoreboard board, String quantity, boolean inAll) {
    for (Map.Entry<Scoreboard.Key, Score> entry : board.scores().entrySet()) {
      Scoreboard.Key key = entry.getKey();
      boolean wanted =
          inAll
              ? key.group().equals(Scoreboard.ALL)
              : !key.group().equals(Scoreboard.ALL) && key.rival().equals(Rivals.LEARNED);
      if (wanted && key.quantity().equals(quantity)) {
        text.append(row(key, entry.getValue()));
      }
    }
  }

  private static String row(Scoreboard.Key key, Score score) {
    double[] pinball = score.pinballSeconds();
    return String.format(
        Locale.ROOT,
        "%-12s %-34s %7d %6.2f%%  %-24s %-13s %7.4f %7.4f%n",
        key.rival(),
        key.group(),
        score.requests(),
        100 * score.medianError(),
        String.format(
            Locale.ROOT, "%.2f/%.2f/%.2f", 1e3 * pinball[0], 1e3 * pinball[1], 1e3 * pinball[2]),
        String.format(Locale.ROOT, "%.3f/%.4f", score.upperCoverage(), score.upmostCoverage()),
        score.brier(),
        score.calibrationError());
  }

  private static String jointHead() {
    return "%-12s %-34s %7s %12s %7s%n"
        .formatted("FORECASTER", "BUDGET", "BRIER", "OF THE RATE", "ECE");
  }

  private static String jointRow(Scoreboard.Key key, Score score) {
    return String.format(
        Locale.ROOT,
        "%-12s %-34s %7.4f %12.4f %7.4f%n",
        key.rival(),
        key.group(),
        score.brier(),
        score.brierOfTheRate(),
        score.calibrationError());
  }

  /** Header of {@link #scores}. */
  static final String SCORES_HEADER =
      "trace,setting,forecaster,quantity,group,requests,median_error,pinball_50_s,pinball_90_s,pinball_99_s,cover_90,cover_99,brier,brier_of_the_rate,ece\n";

  /** One line a score, each beginning with {@code prefix}. */
  static String scores(String prefix, Scoreboard board) {
    StringBuilder csv = new StringBuilder();
    board
        .scores()
        .forEach(
            (key, score) -> {
              double[] pinball = score.pinballSeconds();
              csv.append(
                  String.format(
                      Locale.ROOT,
                      "%s,%s,%s,\"%s\",%d,%.5f,%.6f,%.6f,%.6f,%.5f,%.5f,%.6f,%.6f,%.6f%n",
                      prefix,
                      key.rival(),
                      key.quantity(),
                      key.group(),
                      score.requests(),
                      score.medianError(),
                      pinball[0],
                      pinball[1],
                      pinball[2],
                      score.upperCoverage(),
                      score.upmostCoverage(),
                      score.brier(),
                      score.brierOfTheRate(),
                      score.calibrationError()));
            });
    return csv.toString();
  }

  /** Header of {@link #reliability}. */
  static final String RELIABILITY_HEADER =
      "trace,setting,forecaster,quantity,group,asked,promised,kept\n";

  /** The points of each reliability diagram, each line beginning with {@code prefix}. */
  static String reliability(String prefix, Scoreboard board) {
    StringBuilder csv = new StringBuilder();
    board
        .scores()
        .forEach(
            (key, score) -> {
              for (int bin = 0; bin < Score.BINS; bin++) {
                if (score.asked(bin) > 0) {
                  csv.append(
                      String.format(
                          Locale.ROOT,
                          "%s,%s,%s,\"%s\",%d,%.5f,%.5f%n",
                          prefix,
                          key.rival(),
                          key.quantity(),
                          key.group(),
                          score.asked(bin),
                          score.promised(bin),
                          score.kept(bin)));
                }
              }
            });
    return csv.toString();
  }
}
