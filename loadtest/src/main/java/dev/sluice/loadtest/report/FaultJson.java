package dev.sluice.loadtest.report;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Faults and books as parts of {@code report.json}. */
final class FaultJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private FaultJson() {}

  static ObjectNode faults(FaultFigures figures) {
    ObjectNode node = JSON.createObjectNode();
    node.put("plan", figures.plan());
    node.put("kills", figures.kills());
    node.put("streams_cut", figures.streamsCut());
    node.put("requests_lost", figures.lost);
    node.put("requests_lost_without_fault", figures.lostElsewhere);
    node.put("truncated_as_success", figures.truncatedAsSuccess);
    node.set("tokens", damage(figures.damage));
    node.put("attempts_per_completed", rounded(figures.attemptsPerCompleted()));
    node.put("generations_per_request", rounded(figures.generationsPerRequest()));
    GatewayBooks gateway = figures.gateway();
    if (gateway != null) {
      ObjectNode handovers = node.putObject("handovers");
      handovers.set("failover", handovers(gateway.failovers()));
      handovers.set("resume", handovers(gateway.resumes()));
      node.put("attempts_per_request", rounded(figures.attemptsPerRequest()));
    }
    ArrayNode events = node.putArray("events");
    figures.rows.forEach(row -> events.add(event(row)));
    return node;
  }

  private static ObjectNode event(FaultFigures.Row row) {
    ObjectNode node = JSON.createObjectNode();
    node.put("at_s", seconds(row.fault().atNanos()));
    node.put("until_s", seconds(row.fault().endNanos()));
    node.put("kind", row.fault().kind());
    node.put("backend", row.fault().backend());
    node.put("detail", row.fault().detail());
    node.put("requests_hit", row.hit());
    node.put("requests_lost", row.lost());
    node.put("detect_ms", millis(row.detectNanos()));
    node.put("recover_ms", millis(row.recoverNanos()));
    node.put("longest_gap_ms", millis(row.longestGapNanos()));
    node.set("tokens", damage(row.damage()));
    return node;
  }

  private static ObjectNode handovers(Handovers handovers) {
    return JSON.createObjectNode()
        .put("count", handovers.count())
        .put("p50_at_most_ms", boundMillis(handovers, 0.5))
        .put("p99_at_most_ms", boundMillis(handovers, 0.99));
  }

  private static @Nullable Double boundMillis(Handovers handovers, double share) {
    double seconds = handovers.atMostSeconds(share);
    return handovers.count() == 0 || Double.isInfinite(seconds) ? null : seconds * 1e3;
  }

  private static ObjectNode damage(TokenDamage damage) {
    return JSON.createObjectNode()
        .put("undelivered", damage.undelivered())
        .put("lost", damage.lost())
        .put("repeated", damage.repeated())
        .put("reordered", damage.reordered())
        .put("wrong", damage.wrong());
  }

  static ObjectNode ledgers(LedgerComparison ledgers) {
    ObjectNode node = JSON.createObjectNode();
    node.put("equal", ledgers.equal());
    ledgers.differences().forEach(node.putArray("differences")::add);
    ObjectNode client = node.putObject("client");
    client.put("sent", ledgers.sent);
    ledgers.clientOutcomes().forEach((outcome, count) -> client.put(outcome.key(), count));
    client.put("tokens", ledgers.receivedTokens);
    node.set("gateway", gateway(ledgers.gateway()));
    ObjectNode backends = node.putObject("backends");
    backends.put("generations", ledgers.ends.values().stream().mapToLong(Long::longValue).sum());
    ledgers.ends.forEach((end, count) -> backends.put(end.key(), count));
    backends.put("tokens", ledgers.backendTokens);
    backends.put("tokens_not_delivered", ledgers.backendTokens - ledgers.receivedTokens);
    ObjectNode byBackend = backends.putObject("tokens_by_backend");
    ledgers.tokensByBackend.forEach(byBackend::put);
    return node;
  }

  private static @Nullable ObjectNode gateway(@Nullable GatewayBooks books) {
    if (books == null) {
      return null;
    }
    return JSON.createObjectNode()
        .put("received", books.received())
        .put("rejected", books.rejected())
        .put("completed", books.completed())
        .put("failed", books.failed())
        .put("cancelled", books.cancelled())
        .put("in_flight", books.inFlight())
        .put("tokens", books.deliveredTokens());
  }

  private static @Nullable Double seconds(long nanos) {
    return nanos == Timeline.NEVER ? null : Math.round(nanos / 1e6) / 1e3;
  }

  private static @Nullable Double millis(long nanos) {
    return nanos == Timeline.NEVER ? null : Math.round(nanos / 1e3) / 1e3;
  }

  private static double rounded(double value) {
    return Math.round(value * 1e6) / 1e6;
  }
}
