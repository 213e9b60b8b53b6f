package dev.sluice.loadtest.report;

import java.util.List;
import java.util.OptionalDouble;
import org.HdrHistogram.AbstractHistogram;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A run's figures as {@code report.json}, which {@code sluice.report-1.schema.json} describes. */
final class JsonReport {
  static final String SCHEMA = "sluice.report/1";

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final List<Point> POINTS =
      List.of(
          new Point("p50", 0.5),
          new Point("p90", 0.9),
          new Point("p99", 0.99),
          new Point("p999", 0.999));

  /** A quantile that is told. */
  private record Point(String name, double probability) {}

  private final RunReport report;
  private final RunResult run;

  JsonReport(RunReport report) {
    this.report = report;
    this.run = report.run();
  }

  String render() {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document()) + "\n";
  }

  private ObjectNode document() {
    ObjectNode root = JSON.createObjectNode();
    addContext(root);
    addVerdict(root.putObject("verdict"));
    addSlice(root, report.all);
    root.set("attainment_by_class", attainments());
    root.set("pacing_error_ms", latency(report.pacing));
    root.set("refused_after_ms", latency(report.refusals()));
    ObjectNode classes = root.putObject("by_class");
    report.byClass.forEach((name, slice) -> classes.set(name, classNode(name, slice)));
    ObjectNode accelerators = root.putObject("by_accelerator");
    report.byAccelerator.forEach((name, slice) -> accelerators.set(name, placeNode(slice)));
    ObjectNode backends = root.putObject("by_backend");
    report.byBackend.forEach((name, slice) -> backends.set(name, placeNode(slice)));
    ObjectNode reasons = root.putObject("reasons");
    report.reasons().forEach(reasons::put);
    addTokens(root.putObject("tokens"));
    addForecastError(root.putObject("forecast_error"));
    if (report.faults != null) {
      root.set("faults", FaultJson.faults(report.faults));
    }
    if (report.ledgers != null) {
      root.set("ledgers", FaultJson.ledgers(report.ledgers));
    }
    return root;
  }

  private void addContext(ObjectNode root) {
    RunContext context = run.context();
    root.put("schema", SCHEMA);
    root.put("kind", context.kind());
    root.put("command", context.command());
    root.put("target", context.target());
    root.put("model", context.model());
    root.put("seed", context.seed());
    root.put("schedule_sha256", context.scheduleSha256());
    root.set("trace", traceNode(context.trace()));
    root.putObject("machine")
        .put("cpus", run.machine().cpus())
        .put("jdk", run.machine().jdk())
        .put("os", run.machine().os());
    root.put("duration_s", run.schedule().horizonNanos() / 1e9);
    root.put("intended_rps", rounded(run.schedule().meanRate()));
    root.put("achieved_rps", rounded(Validity.achievedRate(run)));
  }

  private static @Nullable ObjectNode traceNode(RunContext.@Nullable TraceUse trace) {
    if (trace == null) {
      return null;
    }
    return JSON.createObjectNode()
        .put("file", trace.file())
        .put("sha256", trace.sha256())
        .put("requests", trace.requests())
        .put("span_s", trace.spanSeconds())
        .put("read", trace.read())
        .put("dropped", trace.dropped());
  }

  private void addVerdict(ObjectNode node) {
    node.put("valid", report.verdict().valid());
    node.put("verdict", report.verdict().toString());
    report.verdict().causes().forEach(node.putArray("causes")::add);
    ClientHealth client = run.client();
    node.putObject("client")
        .put("cpu_share", rounded(client.cpuShare()))
        .put("gc_ms", client.gcMillis())
        .put("pauses", client.pauses().size())
        .put("longest_hiccup_ms", millis(client.longestHiccupNanos()))
        .put("flagged_requests", Validity.flaggedRequests(run));
  }

  private void addSlice(ObjectNode node, Slice slice) {
    ObjectNode totals = node.putObject("totals");
    totals.put("requests", slice.requests());
    totals.put("attained", slice.attained());
    for (Outcome outcome : Outcome.values()) {
      totals.put(outcome.key(), slice.count(outcome));
    }
    totals.put("errors", slice.errors());
    totals.put("output_tokens", slice.outputTokens());
    totals.put("cost_usd", rounded(slice.costUsd()));
    totals.put("energy_joules", rounded(slice.energyJoules()));
    node.put("attainment", rounded(slice.attainment()));
    node.put("goodput_rps", rounded(slice.attained() / (run.schedule().horizonNanos() / 1e9)));
    addTwoViews(node.putObject("ttft_ms"), slice.ttftFromIntended, slice.ttftFromSent);
    node.set("tpot_ms", latency(slice.tpot));
    addTwoViews(node.putObject("total_ms"), slice.totalFromIntended, slice.totalFromSent);
  }

  private static void addTwoViews(ObjectNode node, LatencySample intended, LatencySample sent) {
    node.set("intended", latency(intended));
    node.set("sent", latency(sent));
  }

  private ObjectNode attainments() {
    ObjectNode node = JSON.createObjectNode();
    report.byClass.forEach((name, slice) -> node.put(name, rounded(slice.attainment())));
    return node;
  }

  private ObjectNode classNode(String name, Slice slice) {
    ObjectNode node = JSON.createObjectNode();
    addSlice(node, slice);
    run.schedule().classes().stream()
        .filter(each -> each.name().equals(name))
        .forEach(
            each ->
                node.putObject("budget_ms")
                    .put("ttft", millis(each.budget().ttftNanos()))
                    .put("tpot", millis(each.budget().tpotNanos()))
                    .put("total", millis(each.budget().totalNanos())));
    AbstractHistogram gaps = run.tokenGaps().get(name);
    if (gaps != null && gaps.getTotalCount() > 0) {
      node.putObject("itl_ms")
          .put("count", gaps.getTotalCount())
          .put("p50", millis(gaps.getValueAtPercentile(50)))
          .put("p90", millis(gaps.getValueAtPercentile(90)))
          .put("p99", millis(gaps.getValueAtPercentile(99)));
    }
    return node;
  }

  private ObjectNode placeNode(Slice slice) {
    ObjectNode node = JSON.createObjectNode();
    node.put("requests", slice.requests());
    node.put("tokens", slice.outputTokens());
    node.put("token_share", share(slice.outputTokens(), report.all.outputTokens()));
    addSlice(node, slice);
    ObjectNode classes = node.putObject("by_class");
    RunReport.by(slice.results(), result -> result.request().serviceClass().name())
        .forEach(
            (name, part) ->
                classes
                    .putObject(name)
                    .put("requests", part.requests())
                    .put("tokens", part.outputTokens())
                    .put("attainment", rounded(part.attainment())));
    return node;
  }

  private void addTokens(ObjectNode node) {
    long received = 0;
    long lost = 0;
    long repeated = 0;
    long reordered = 0;
    for (RequestResult result : run.results()) {
      received += result.tokens().received();
      lost += result.tokens().lost();
      repeated += result.tokens().repeated();
      reordered += result.tokens().reordered();
    }
    node.put("received", received).put("lost", lost);
    node.put("repeated", repeated).put("reordered", reordered);
    ObjectNode answers = node.putObject("answers_counted_by");
    report.countedBy().forEach(answers::put);
  }

  private void addForecastError(ObjectNode node) {
    ForecastError error = report.forecastError;
    node.put("requests", error.requests());
    node.put("ttft_median_abs_ln", boxed(error.ttft()));
    node.put("tpot_median_abs_ln", boxed(error.tpot()));
    node.put("ttft_p90_coverage", boxed(error.ttftCoverage()));
    node.put("tpot_p90_coverage", boxed(error.tpotCoverage()));
    node.put("forecast_probability", boxed(error.probability()));
    node.put("share_within_budget", boxed(error.shareWithinBudget()));
  }

  private static ObjectNode latency(LatencySample sample) {
    ObjectNode node = JSON.createObjectNode();
    node.put("count", sample.size());
    node.put("failures", sample.failures());
    ObjectNode withheld = JSON.createObjectNode();
    for (Point point : POINTS) {
      String name = point.name();
      switch (sample.quantile(point.probability())) {
        case Quantile.Known(long nanos) -> node.put(name, millis(nanos));
        case Quantile.Endless() -> {
          node.putNull(name);
          withheld.put(name, "among the failures");
        }
        case Quantile.Withheld(int samples, int needed) -> {
          node.putNull(name);
          withheld.put(name, samples + " samples, needs " + needed);
        }
      }
    }
    node.set("withheld", withheld);
    return node;
  }

  private static @Nullable Double boxed(OptionalDouble value) {
    return value.isPresent() ? rounded(value.getAsDouble()) : null;
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : rounded((double) part / whole);
  }

  private static double millis(long nanos) {
    return Math.round(nanos / 1e3) / 1e3;
  }

  private static double rounded(double value) {
    return Math.round(value * 1e6) / 1e6;
  }
}
