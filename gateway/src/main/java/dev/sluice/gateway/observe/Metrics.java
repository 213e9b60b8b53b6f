package dev.sluice.gateway.observe;

import dev.sluice.gateway.call.Assignment;
import dev.sluice.gateway.call.RequestRecord;
import dev.sluice.gateway.core.request.BudgetPart;
import dev.sluice.gateway.core.request.Failure;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/**
 * The gateway's metrics, in Prometheus form. Names follow OpenTelemetry's conventions for
 * generative AI where there is one, else begin with {@code sluice_}.
 *
 * <table>
 * <caption>What is emitted</caption>
 * <tr><td>{@code gen_ai_server_request_duration_seconds}</td><td>request, arrival to end</td></tr>
 * <tr><td>{@code gen_ai_server_time_to_first_token_seconds}</td><td>arrival to first token</td></tr>
 * <tr><td>{@code gen_ai_server_time_per_output_token_seconds}</td><td>mean after the first</td></tr>
 * <tr><td>{@code gen_ai_client_token_usage}</td><td>tokens by {@code gen_ai_token_type}</td></tr>
 * <tr><td>{@code sluice_forecast_ratio}</td><td>measured ÷ forecast, by {@code quantity}</td></tr>
 * <tr><td>{@code sluice_budget_missed_total}</td><td>budgets missed, by {@code part}</td></tr>
 * <tr><td>{@code sluice_decision_duration_seconds}</td><td>arrival to decision</td></tr>
 * <tr><td>{@code sluice_requests_total}</td><td>requests by {@code outcome} (the ledger)</td></tr>
 * <tr><td>{@code sluice_failures_total}</td><td>failures by {@code reason}</td></tr>
 * <tr><td>{@code sluice_requests_in_flight}</td><td>requests that have not ended</td></tr>
 * <tr><td>{@code sluice_tokens_delivered_total}</td><td>tokens passed on</td></tr>
 * <tr><td>{@code sluice_records_dropped_total}</td><td>records that found the queue full</td></tr>
 * </table>
 *
 * <p>Labels come from the configuration only (model, class, accelerator), so their number is
 * bounded; the filter is a net.
 */
public final class Metrics {

  /** Most time series of one scrape (faults T26). */
  private static final int MAX_METERS = 2000;

  private static final Duration[] LATENCIES = {
    Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25), Duration.ofMillis(50),
    Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(450), Duration.ofSeconds(1),
    Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(60)
  };

  private static final Duration[] GAPS = {
    Duration.ofNanos(500_000), Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(5),
    Duration.ofMillis(10), Duration.ofMillis(20), Duration.ofMillis(40), Duration.ofMillis(100),
    Duration.ofMillis(500)
  };

  private final PrometheusMeterRegistry registry;

  /** No metrics yet. */
  public Metrics() {
    registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registry
        .config()
        .meterFilter(
            new MeterFilter() {
              @Override
              public MeterFilterReply accept(Meter.Id id) {
                return registry.getMeters().size() < MAX_METERS
                    ? MeterFilterReply.NEUTRAL
                    : MeterFilterReply.DENY;
              }
            });
  }

  /** Counts {@code account}. */
  public void count(RequestRecord account) {
    switch (account.outcome()) {
      case RequestRecord.Completed _ -> countCompleted(account);
      case RequestRecord.Failed(Failure failure) ->
          registry.counter("sluice.failures", "reason", failure.reason().name()).increment();
    }
    RequestRecord.Routing route = account.route();
    if (route == null) {
      return;
    }
    timer("sluice.decision.duration", tags(route), LATENCIES)
        .record(Duration.ofNanos(account.times().decisionNanos()));
    for (BudgetPart part : account.missed()) {
      registry.counter("sluice.budget.missed", tags(route).and("part", part.name())).increment();
    }
  }

  private void countCompleted(RequestRecord account) {
    RequestRecord.Routing route = account.route();
    if (route == null) {
      return;
    }
    Tags tags = tags(route);
    RequestRecord.Times times = account.times();
    timer("gen_ai.server.request.duration", tags, LATENCIES)
        .record(Duration.ofNanos(times.totalNanos()));
    timer("gen_ai.server.time_to_first_token", tags, LATENCIES)
        .record(Duration.ofNanos(times.firstTokenNanos()));
    Assignment.Expectation expected = route.assignment().expectation();
    ratio("ttft", (double) times.firstTokenNanos(), expected.firstTokenNanos(), tags);
    if (times.perTokenNanos() > 0) {
      timer("gen_ai.server.time_per_output_token", tags, GAPS)
          .record(Duration.ofNanos(times.perTokenNanos()));
      ratio("tpot", (double) times.perTokenNanos(), expected.perTokenNanos(), tags);
    }
    usage("input", account.usage().inputTokens(), tags);
    usage("output", account.usage().outputTokens(), tags);
  }

  private void ratio(String quantity, double measuredNanos, double forecastNanos, Tags tags) {
    DistributionSummary.builder("sluice.forecast.ratio")
        .tags(tags.and("quantity", quantity))
        .serviceLevelObjectives(0.25, 0.5, 0.8, 0.95, 1.05, 1.25, 2, 4)
        .register(registry)
        .record(measuredNanos / Math.max(forecastNanos, 1));
  }

  private void usage(String type, int tokens, Tags tags) {
    DistributionSummary.builder("gen_ai.client.token.usage")
        .tags(tags.and("gen_ai.token.type", type))
        .serviceLevelObjectives(1, 16, 64, 256, 1024, 4096, 16384, 65536)
        .register(registry)
        .record(tokens);
  }

  private Timer timer(String name, Tags tags, Duration[] buckets) {
    return Timer.builder(name).tags(tags).serviceLevelObjectives(buckets).register(registry);
  }

  private static Tags tags(RequestRecord.Routing route) {
    return Tags.of(
        "gen_ai.request.model", route.request().model().name(),
        "service_class", route.request().serviceClass().name(),
        "accelerator", route.assignment().accelerator());
  }

  /** Shows what {@code value} reads of {@code source} as a counter. */
  public <T> void counter(String name, String outcome, T source, ToDoubleFunction<T> value) {
    Tags tags = outcome.isEmpty() ? Tags.empty() : Tags.of("outcome", outcome);
    FunctionCounter.builder(name, source, value).tags(tags).register(registry);
  }

  /** Shows what {@code value} reads of {@code source} as a gauge. */
  public <T> void gauge(String name, T source, ToDoubleFunction<T> value) {
    Gauge.builder(name, source, value).strongReference(true).register(registry);
  }

  /** Everything in Prometheus' text form. */
  public String scrape() {
    return registry.scrape();
  }
}
