package dev.sluice.loadtest.live.fault;

import dev.sluice.loadtest.workload.Budget;
import dev.sluice.loadtest.workload.ServiceClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A gateway of the tester's own before the accelerators of a plan. */
final class GatewayProcess implements AutoCloseable {

  private static final String MAIN = "dev.sluice.gateway.GatewayMain";

  /** Those of {@code gateway/bin/sluice}, with the heap that a shared machine can spare. */
  private static final List<String> FLAGS =
      List.of(
          "-XX:+UseG1GC",
          "-XX:+UseCompactObjectHeaders",
          "-XX:-UsePerfData",
          "-Xmx512m",
          "-Dio.grpc.netty.shaded.io.netty.leakDetection.level=disabled");

  private static final long READY_SECONDS = 60;
  private static final long READY_PROBE_MILLIS = 50;
  private static final long DRAIN_SECONDS = 10;

  private final ChildProcess process;

  private GatewayProcess(ChildProcess process) {
    this.process = process;
  }

  /** Starts it and waits until it takes requests. */
  static GatewayProcess start(
      FaultPlan plan, List<ServiceClass> classes, Path folder, GatewayMetrics metrics)
      throws IOException, InterruptedException {
    Path config = folder.resolve("gateway.yaml");
    Path log = folder.resolve("gateway.log");
    Files.writeString(config, config(plan, classes));
    ChildProcess process =
        ChildProcess.start(MAIN, FLAGS, List.of("serve", "--config", config.toString()), log);
    long untilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
    while (!metrics.isReady()) {
      if (!process.isAlive() || System.nanoTime() > untilNanos) {
        process.kill();
        throw new IOException("the gateway did not come up (expected: ready; see " + log + ")");
      }
      Thread.sleep(READY_PROBE_MILLIS);
    }
    return new GatewayProcess(process);
  }

  /** The gateway's configuration: one backend of kind sluice for each accelerator of the plan. */
  static String config(FaultPlan plan, List<ServiceClass> classes) {
    StringBuilder yaml = new StringBuilder();
    yaml.append("# written by sluice-load run --faults ").append(plan.file()).append('\n');
    yaml.append("listeners: {grpc: '").append(plan.gateway().grpc());
    yaml.append("', http: '127.0.0.1:0', admin: '")
        .append(plan.gateway().admin())
        .append("'}\nmodels:\n");
    models(plan)
        .forEach(
            (model, tokens) ->
                yaml.append("  - {name: ")
                    .append(model)
                    .append(", context_tokens: ")
                    .append(tokens)
                    .append("}\n"));
    yaml.append("service_classes:\n");
    for (ServiceClass each : classes) {
      yaml.append("  - {name: ").append(each.name()).append(budget(each.budget())).append("}\n");
    }
    yaml.append("fleet:\n");
    for (FaultPlan.PlannedAccelerator each : plan.accelerators()) {
      yaml.append("  - id: ").append(each.name());
      yaml.append("\n    kind: sluice\n    model: ").append(each.profile().deployment().model());
      yaml.append("\n    profile: ").append(each.profile().name());
      yaml.append("\n    settings: {address: '127.0.0.1:")
          .append(each.port())
          .append("', continuation: exact}\n");
    }
    if (!plan.gateway().policy().isEmpty()) {
      yaml.append("policy: {name: ").append(plan.gateway().policy()).append("}\n");
    }
    return yaml.toString();
  }

  /** Models with the longest context that all their accelerators have. */
  private static Map<String, Integer> models(FaultPlan plan) {
    Map<String, Integer> models = new LinkedHashMap<>();
    for (FaultPlan.PlannedAccelerator each : plan.accelerators()) {
      models.merge(each.profile().deployment().model(), each.profile().contextTokens(), Math::min);
    }
    return models;
  }

  private static String budget(Budget budget) {
    StringBuilder parts = new StringBuilder();
    append(parts, "ttft", budget.ttftNanos());
    append(parts, "tpot", budget.tpotNanos());
    append(parts, "total", budget.totalNanos());
    return parts.isEmpty() ? "" : ", budget: {" + parts + "}";
  }

  private static void append(StringBuilder parts, String name, long nanos) {
    if (nanos > 0) {
      parts.append(parts.isEmpty() ? "" : ", ").append(name).append(": ");
      parts.append(TimeUnit.NANOSECONDS.toMicros(nanos)).append("us");
    }
  }

  @Override
  public void close() {
    process.terminate();
    try {
      if (!process.awaitExit(TimeUnit.SECONDS.toNanos(DRAIN_SECONDS))) {
        process.kill();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      process.kill();
    }
  }

  @Override
  public String toString() {
    return "GatewayProcess[" + process + "]";
  }
}
