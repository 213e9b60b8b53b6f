package dev.sluice.loadtest.report;

import dev.sluice.loadtest.report.PolicyResult.Counts;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToLongFunction;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The figures of runs in virtual time as {@code report.json}, which {@code
 * sluice.report-1.schema.json} describes. The same report gives the same bytes on every machine.
 */
final class SimulatedJson {
  private static final int DECIMALS = 6;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();
  private static final DefaultPrettyPrinter PRINTER =
      new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));

  private final SimulatedReport report;

  SimulatedJson(SimulatedReport report) {
    this.report = report;
  }

  String render() {
    return JSON.writer().with(PRINTER).writeValueAsString(document()) + "\n";
  }

  private ObjectNode document() {
    ObjectNode root = JSON.createObjectNode();
    root.put("schema", JsonReport.SCHEMA);
    root.put("kind", "simulated");
    SimulatedTrace trace = report.trace();
    ObjectNode traceNode = root.putObject("trace");
    traceNode.put("file", trace.file()).put("sha256", trace.sha256());
    traceNode.put("requests", trace.requests()).put("span_s", number(trace.spanSeconds()));
    traceNode.put("closed_loop", trace.closedLoop());
    ArrayNode policies = root.putArray("policies");
    report.policies().forEach(result -> addResult(policies.addObject(), result));
    addBounds(root);
    return root;
  }

  private static void addResult(ObjectNode node, PolicyResult result) {
    node.put("policy", result.run().policy());
    node.put("seed", result.run().seed());
    node.put("rate_scale", number(result.run().rateScale()));
    Counts counts = result.counts();
    node.put("requests", counts.requests());
    node.put("attainment", number(counts.attainment()));
    node.set("attainment_95", interval(result));
    ObjectNode classes = node.putObject("attainment_by_class");
    result.parts().byClass().forEach((name, part) -> classes.put(name, number(part.attainment())));
    node.put("goodput_rps", number(result.goodput()));
    addQuantiles(node.putObject("ttft_ms"), result.latencies().ttft());
    addQuantiles(node.putObject("tpot_ms"), result.latencies().tpot());
    node.put("met", counts.met()).put("completed", counts.completed());
    node.put("refused", counts.refused()).put("failed", counts.failed());
    node.put("cost_usd", number(result.spending().costUsd()));
    node.put("energy_j", number(result.spending().energyJoules()));
    ObjectNode kinds = node.putObject("by_accelerator");
    for (String kind : result.parts().completedByAccelerator().keySet()) {
      kinds.put(kind, number(result.shareOf(kind)));
    }
    addDetail(node, result.detail());
    node.put("horizon_s", number(result.lengths().horizonSeconds()));
    node.put("simulated_s", number(result.lengths().simulatedSeconds()));
    node.put("wall_s", number(result.lengths().wallSeconds()));
  }

  private static JsonNode interval(PolicyResult result) {
    OptionalDouble half = result.detail().attainmentHalfWidth();
    if (half.isEmpty()) {
      return JsonNodeFactory.instance.nullNode();
    }
    Interval interval = Interval.around(result.attainment(), half.getAsDouble());
    return JSON.createObjectNode()
        .put("low", number(Math.max(0, interval.low())))
        .put("high", number(Math.min(1, interval.high())));
  }

  private static void addQuantiles(ObjectNode node, LatencyQuantiles quantiles) {
    ObjectNode withheld = JSON.createObjectNode();
    addQuantile(node, withheld, "p50", quantiles.p50());
    addQuantile(node, withheld, "p90", quantiles.p90());
    addQuantile(node, withheld, "p99", quantiles.p99());
    node.set("withheld", withheld);
  }

  private static void addQuantile(
      ObjectNode node, ObjectNode withheld, String name, Quantile quantile) {
    switch (quantile) {
      case Quantile.Known(long nanos) -> node.put(name, BigDecimal.valueOf(nanos, 6));
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

  private static void addDetail(ObjectNode node, PolicyDetail detail) {
    ArrayNode reliability = node.putArray("reliability");
    for (ReliabilityBin bin : detail.reliability()) {
      reliability
          .addObject()
          .put("forecast", number(bin.meanForecast()))
          .put("requests", bin.requests())
          .put("met", bin.met());
    }
    ObjectNode slices = node.putObject("slices");
    slices.put("width_s", BigDecimal.valueOf(detail.sliceNanos(), 9));
    addCounts(slices.putArray("requests"), detail.slices(), TimeSlice::requests);
    addCounts(slices.putArray("met"), detail.slices(), TimeSlice::met);
    ObjectNode kinds = slices.putObject("completed");
    if (!detail.slices().isEmpty()) {
      for (String kind : detail.slices().getFirst().completedByAccelerator().keySet()) {
        addCounts(
            kinds.putArray(kind),
            detail.slices(),
            slice -> slice.completedByAccelerator().getOrDefault(kind, 0L));
      }
    }
  }

  private static void addCounts(
      ArrayNode node, List<TimeSlice> slices, ToLongFunction<TimeSlice> count) {
    slices.forEach(slice -> node.add(count.applyAsLong(slice)));
  }

  private void addBounds(ObjectNode root) {
    if (report.bounds().isEmpty()) {
      return;
    }
    BoundBracket shown =
        report.bound(report.shownScale()).orElseGet(() -> report.bounds().getFirst());
    addBound(root.putObject("bound"), shown);
    if (report.rateScales().size() > 1 || report.bounds().size() > 1) {
      ArrayNode bounds = root.putArray("bounds");
      for (BoundBracket bound : report.bounds()) {
        addBound(bounds.addObject().put("rate_scale", number(bound.rateScale())), bound);
      }
    }
  }

  private static void addBound(ObjectNode node, BoundBracket bound) {
    node.put("upper", number(bound.upper())).put("lower", number(bound.lower()));
  }

  /** Six decimals, and never an exponent. */
  private static BigDecimal number(double value) {
    BigDecimal exact = new BigDecimal(value).setScale(DECIMALS, RoundingMode.HALF_EVEN);
    return exact.signum() == 0 ? BigDecimal.ZERO : exact.stripTrailingZeros();
  }
}
