package dev.sluice.gateway.admin;

import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Health;
import dev.sluice.gateway.core.fleet.Load;
import dev.sluice.gateway.core.fleet.Measured;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** The fleet as operators see it. */
public record FleetView(List<Row> backends) {

  /**
   * One backend.
   *
   * @param id its name
   * @param model the model it serves
   * @param accelerator kind of hardware
   * @param profile name of its profile
   * @param region where it stands
   * @param health {@code up}, {@code draining}, {@code unreachable}, or {@code ejected} for failing
   *     too often
   * @param work what is under way
   */
  public record Row(
      String id,
      String model,
      String accelerator,
      String profile,
      String region,
      String health,
      Work work) {}

  /**
   * Requests without a token yet, requests that stream, prompt tokens waiting, attempts sent so
   * far, recent average time to the first token, bid price.
   */
  public record Work(
      int prefilling,
      int decoding,
      long promptTokens,
      long dispatched,
      double firstTokenMillis,
      double price) {}

  static FleetView of(FleetSnapshot fleet) {
    List<Row> rows = new ArrayList<>(fleet.size());
    for (int i = 0; i < fleet.size(); i++) {
      rows.add(row(fleet.get(i)));
    }
    return new FleetView(rows);
  }

  private static Row row(DeploymentState state) {
    Deployment.Identity identity = state.deployment().identity();
    Load load = state.load();
    return new Row(
        identity.backend(),
        identity.model(),
        identity.kind().name(),
        identity.profile(),
        identity.region(),
        health(state.health()),
        work(load, state.measured(), state.price()));
  }

  private static String health(Health health) {
    if (health.drained()) {
      return "draining";
    }
    if (!health.reachable()) {
      return "unreachable";
    }
    return health.breaker().isOpen() ? "ejected" : "up";
  }

  private static Work work(Load load, Measured measured, double price) {
    return new Work(
        load.prefilling(),
        load.decoding(),
        load.prefillTokens(),
        load.dispatched(),
        measured.firstTokenNanos() / 1e6,
        price);
  }

  String toJson() {
    return JsonMapper.shared().writeValueAsString(this);
  }

  /** The fleet that {@code json} shows. */
  public static FleetView fromJson(String json) {
    return JsonMapper.shared().readValue(json, FleetView.class);
  }
}
