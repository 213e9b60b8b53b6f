package dev.sluice.loadtest.report.compare;

import dev.sluice.loadtest.report.PolicyRun;
import dev.sluice.loadtest.report.SimulatedOutcomeCsv;
import dev.sluice.loadtest.report.compare.LoadedRun.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A {@code report.json} as read back. */
public final class ReportFile {
  private static final String SCHEMA = "sluice.report/1";
  private static final String AMONG_FAILURES = "among the failures";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path file;
  private final boolean live;
  private final List<LoadedRun> runs = new ArrayList<>();

  private ReportFile(Path file, boolean live) {
    this.file = file;
    this.live = live;
  }

  /** Reads a report from its file or from the folder that it lies in. */
  public static ReportFile read(Path path) throws IOException, ReportException {
    Path file = Files.isDirectory(path) ? path.resolve("report.json") : path;
    JsonNode root = parse(file);
    String schema = root.path("schema").asString("");
    if (!schema.equals(SCHEMA)) {
      throw new ReportException("%s: schema \"%s\" (expected: %s)".formatted(file, schema, SCHEMA));
    }
    String kind = root.path("kind").asString("");
    ReportFile report = new ReportFile(file, kind.equals("live"));
    switch (kind) {
      case "live" -> report.addLive(root);
      case "simulated" -> report.addSimulated(root);
      default ->
          throw new ReportException(
              "%s: kind \"%s\" (expected: live or simulated)".formatted(file, kind));
    }
    return report;
  }

  private static JsonNode parse(Path file) throws IOException, ReportException {
    try {
      JsonNode root = JSON.readTree(Files.readAllBytes(file));
      if (root.isObject()) {
        return root;
      }
    } catch (NoSuchFileException _) {
      throw new ReportException(
          file + ": no such file (expected: a report.json or the folder that it lies in)");
    } catch (JacksonException e) {
      throw new ReportException(file + ": not JSON: " + e.getOriginalMessage());
    }
    throw new ReportException(file + ": not a JSON object (expected: a report)");
  }

  Path file() {
    return file;
  }

  boolean live() {
    return live;
  }

  List<LoadedRun> runs() {
    return List.copyOf(runs);
  }

  private void addLive(JsonNode root) throws ReportException {
    Map<Metric, Double> figures = new EnumMap<>(Metric.class);
    double met = number(root, "/totals/attained");
    figures.put(Metric.ATTAINMENT, number(root, "/attainment"));
    figures.put(Metric.GOODPUT, number(root, "/goodput_rps"));
    addQuantile(figures, Metric.TTFT_P50, root.at("/ttft_ms/intended"), "p50");
    addQuantile(figures, Metric.TTFT_P99, root.at("/ttft_ms/intended"), "p99");
    addQuantile(figures, Metric.TPOT_P50, root.at("/tpot_ms"), "p50");
    addQuantile(figures, Metric.TPOT_P99, root.at("/tpot_ms"), "p99");
    addCost(figures, number(root, "/totals/cost_usd"), met);
    List<String> faults = new ArrayList<>();
    if (!root.at("/verdict/valid").asBoolean(true)) {
      root.at("/verdict/causes").forEach(cause -> faults.add(cause.asString("")));
    }
    runs.add(
        new LoadedRun(
            file,
            new Identity(
                true,
                root.path("target").asString(""),
                root.path("seed").asLong(0),
                1,
                root.at("/trace/sha256").asString(""),
                root.path("schedule_sha256").asString("")),
            (long) number(root, "/totals/requests"),
            figures,
            List.of(),
            existing("outcomes.csv"),
            faults));
  }

  private void addSimulated(JsonNode root) throws ReportException {
    JsonNode policies = root.path("policies");
    if (!policies.isArray() || policies.isEmpty()) {
      throw new ReportException(file + ": no policies (expected: one or more)");
    }
    for (JsonNode policy : policies) {
      runs.add(simulated(policy, root.at("/trace/sha256").asString(""), policies.size() == 1));
    }
  }

  private LoadedRun simulated(JsonNode node, String traceSha256, boolean alone)
      throws ReportException {
    Map<Metric, Double> figures = new EnumMap<>(Metric.class);
    double requests = number(node, "/requests");
    double attainment = number(node, "/attainment");
    figures.put(Metric.ATTAINMENT, attainment);
    figures.put(Metric.GOODPUT, number(node, "/goodput_rps"));
    addQuantile(figures, Metric.TTFT_P50, node.path("ttft_ms"), "p50");
    addQuantile(figures, Metric.TTFT_P99, node.path("ttft_ms"), "p99");
    addQuantile(figures, Metric.TPOT_P50, node.path("tpot_ms"), "p50");
    addQuantile(figures, Metric.TPOT_P99, node.path("tpot_ms"), "p99");
    addCost(figures, number(node, "/cost_usd"), Math.rint(attainment * requests));
    PolicyRun run =
        new PolicyRun(
            node.path("policy").asString("policy"),
            node.path("seed").asLong(0),
            node.path("rate_scale").asDouble(1));
    Optional<Path> outcomes = existing(SimulatedOutcomeCsv.fileName(run));
    return new LoadedRun(
        file,
        new Identity(false, run.policy(), run.seed(), run.rateScale(), traceSha256, ""),
        (long) requests,
        figures,
        slices(node.path("slices")),
        outcomes.isEmpty() && alone ? existing("outcomes.csv") : outcomes,
        List.of());
  }

  private static List<LoadedRun.Slice> slices(JsonNode node) {
    List<LoadedRun.Slice> slices = new ArrayList<>();
    JsonNode requests = node.path("requests");
    for (int slice = 0; slice < requests.size(); slice++) {
      slices.add(
          new LoadedRun.Slice(
              requests.get(slice).asDouble(0), node.path("met").path(slice).asDouble(0)));
    }
    return slices;
  }

  /** Milliseconds; nothing where the report withholds it. */
  private static void addQuantile(
      Map<Metric, Double> figures, Metric metric, JsonNode latency, String name) {
    JsonNode value = latency.path(name);
    if (value.isNumber()) {
      figures.put(metric, value.asDouble());
    } else if (latency.path("withheld").path(name).asString("").equals(AMONG_FAILURES)) {
      figures.put(metric, Double.POSITIVE_INFINITY);
    }
  }

  private static void addCost(Map<Metric, Double> figures, double costUsd, double met) {
    if (met > 0) {
      figures.put(Metric.COST, 1000 * costUsd / met);
    }
  }

  private double number(JsonNode node, String pointer) throws ReportException {
    JsonNode value = node.at(pointer);
    if (!value.isNumber()) {
      throw new ReportException(
          "%s: no number at %s (expected: a report as its schema has it)".formatted(file, pointer));
    }
    return value.asDouble();
  }

  private Optional<Path> existing(String name) {
    Path sibling = file.resolveSibling(name);
    return Files.isRegularFile(sibling) ? Optional.of(sibling) : Optional.empty();
  }
}
