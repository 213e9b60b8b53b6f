package dev.sluice.loadtest.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Faults and books as part of a page. */
final class FaultSection {

  /** Longer tables are for {@code report.json}. */
  private static final int MOST_ROWS = 100;

  private final RunReport report;
  private final FaultFigures figures;
  private final LedgerComparison ledgers;

  FaultSection(RunReport report, FaultFigures figures, LedgerComparison ledgers) {
    this.report = report;
    this.figures = figures;
    this.ledgers = ledgers;
  }

  void addTo(HtmlPage page) {
    page.heading("Through the faults");
    page.append("<p class=\"").append(report.intact() ? "good" : "bad").append("\">");
    page.append(Svg.escape(summary())).append("</p>\n");
    page.legend(
        List.of("arrivals a second", "a fault begins", "goodput, by second of the answer's end"));
    List<FaultRecord> faults = figures.rows.stream().map(FaultFigures.Row::fault).toList();
    page.append(new GoodputPlot(report.run(), faults).render());
    page.append("<p>Grey: while a backend was not whole.</p>\n");
    page.table(rows());
    page.append(
        "<p>Lost: did not complete, charged to the last fault that hit it. Detected: until ");
    page.append("the last answer that was cut off had gone on or ended. Recovered: until the ");
    page.append("attainment of arrivals was back at 95 % of the ten seconds before. Undelivered: ");
    page.append("tokens that answers which failed openly still owed.</p>\n");
    page.heading("Three books");
    page.append("<p class=\"").append(ledgers.equal() ? "good" : "bad").append("\">");
    page.append(ledgers.equal() ? "They are equal." : "They differ.").append("</p>\n");
    for (String difference : ledgers.differences()) {
      page.append("<p class=\"bad\">").append(Svg.escape(difference)).append("</p>\n");
    }
    page.table(books());
  }

  /** One line of what the faults cost. */
  String summary() {
    TokenDamage damage = figures.damage;
    return String.format(
        Locale.ROOT,
        "%d faults, %d of them kills that cut %d streams: %d requests lost, %d tokens lost, %d"
            + " repeated, %d reordered, %d wrong, %d answers cut and shown as complete; books %s;"
            + " %.3f attempts per request%s",
        figures.rows.size(),
        figures.kills(),
        figures.streamsCut(),
        figures.lost,
        damage.lost(),
        damage.repeated(),
        damage.reordered(),
        damage.wrong(),
        figures.truncatedAsSuccess,
        ledgers.equal() ? "equal" : "differ",
        figures.attemptsPerRequest(),
        handovers());
  }

  /** How long the gateway took to go on elsewhere; empty when it could not be asked. */
  private String handovers() {
    GatewayBooks gateway = figures.gateway();
    return gateway == null
        ? ""
        : "; another backend asked"
            + within(" before the first token", gateway.failovers())
            + ","
            + within(" after it", gateway.resumes());
  }

  private static String within(String when, Handovers handovers) {
    return handovers.count() == 0
        ? when + " never"
        : String.format(
            Locale.ROOT,
            "%s %d times, 99 %% within %.0f ms",
            when,
            handovers.count(),
            handovers.atMostSeconds(0.99) * 1e3);
  }

  private List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "fault",
            "at s",
            "until s",
            "hit",
            "lost",
            "detected ms",
            "recovered ms",
            "longest gap ms",
            "tokens undelivered",
            "lost",
            "repeated",
            "wrong"));
    for (FaultFigures.Row row : figures.rows) {
      if (rows.size() <= MOST_ROWS) {
        rows.add(row(row));
      }
    }
    return rows;
  }

  private static List<String> row(FaultFigures.Row row) {
    FaultRecord fault = row.fault();
    String detail = fault.detail().isEmpty() ? "" : " (" + fault.detail() + ")";
    return List.of(
        fault.kind() + " " + fault.backend() + detail,
        seconds(fault.atNanos()),
        seconds(fault.endNanos()),
        Figures.count(row.hit()),
        Figures.count(row.lost()),
        millis(row.detectNanos()),
        millis(row.recoverNanos()),
        millis(row.longestGapNanos()),
        Figures.count(row.damage().undelivered()),
        Figures.count(row.damage().lost()),
        Figures.count(row.damage().repeated()),
        Figures.count(row.damage().wrong()));
  }

  private List<List<String>> books() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("", "client", "gateway", "backends"));
    GatewayBooks gateway = ledgers.gateway();
    Map<BackendEntry.End, Long> ends = ledgers.ends;
    long generations = ends.values().stream().mapToLong(Long::longValue).sum();
    rows.add(
        List.of(
            "asked",
            Figures.count(ledgers.sent),
            gateway == null ? "–" : Figures.count(gateway.received()),
            Figures.count(generations)));
    rows.add(
        List.of(
            "completed",
            Figures.count(ledgers.completed),
            gateway == null ? "–" : Figures.count(gateway.completed()),
            Figures.count(ends.getOrDefault(BackendEntry.End.COMPLETED, 0L))));
    rows.add(
        List.of(
            "not completed",
            Figures.count(ledgers.sent - ledgers.completed),
            gateway == null ? "–" : Figures.count(gateway.notCompleted()),
            Figures.count(generations - ends.getOrDefault(BackendEntry.End.COMPLETED, 0L))));
    rows.add(
        List.of(
            "tokens",
            Figures.count(ledgers.receivedTokens),
            gateway == null ? "–" : Figures.count(gateway.deliveredTokens()),
            Figures.count(ledgers.backendTokens)));
    return rows;
  }

  private static String seconds(long nanos) {
    return nanos == Timeline.NEVER ? "–" : String.format(Locale.ROOT, "%.2f", nanos / 1e9);
  }

  private static String millis(long nanos) {
    return nanos == Timeline.NEVER ? "–" : String.format(Locale.ROOT, "%.1f", nanos / 1e6);
  }
}
