package dev.sluice.gateway.observe;

import dev.sluice.gateway.call.RequestRecord;
import dev.sluice.gateway.core.request.Failure;
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
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
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
 * <tr><td>{@code sluice_overload_level}</td><td>0 calm … 4 nothing is let in</td></tr>
 * <tr><td>{@code sluice_overload_heap_ratio}, {@code …_direct_memory_ratio}, {@code
 * …_descriptors_ratio}, {@code …_lag_ratio}</td><td>what is in use of each of the process's
 * means</td></tr>
 * <tr><td>{@code sluice_overload_broken_off_total}</td><td>answers broken off for their
 * memory</td></tr>
 * <tr><td>{@code sluice_tokens_delivered_total}</td><td>tokens passed on; all vectors of an
 * embedding are one</td></tr>
 * <tr><td>{@code sluice_handover_duration_seconds}</td><td>from a failed attempt's last sign of
 * life to the sending of the next, by {@code kind}: failover or resume</td></tr>
 * <tr><td>{@code sluice_records_dropped_total}</td><td>records that found the queue full</td></tr>
 * </table>
 *
 * <p>Labels come from the configuration only (model, class, accelerator), so their number is
 * bounded; the filter is a net.
 */
public final class Metrics {

  /** Most time series of one scrape (faults T26). */
  private static final int MAX_METERS = 2000;

  private static final Duration[] HANDOVERS = {
    Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(5), Duration.ofMillis(10),
    Duration.ofMillis(25), Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250),
    Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofMillis(2500), Duration.ofSeconds(5)
  };

  private final PrometheusMeterRegistry registry;

  /** Looking a meter up by its tags costs more than counting. */
  private final Map<Labels, Series> series = new HashMap<>();

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

  /** Counts {@code account}. Called by one thread. */
  public void count(RequestRecord account) {
    if (account.outcome() instanceof RequestRecord.Failed(Failure failure)) {
      registry.counter("sluice.failures", "reason", failure.reason().name()).increment();
    }
    RequestRecord.Routing route = account.route();
    if (route != null) {
      series
          .computeIfAbsent(Labels.of(route), labels -> new Series(registry, labels.tags()))
          .count(account, route);
    }
  }

  /** What tells one series from another; all three come from the configuration. */
  private record Labels(String model, String serviceClass, String accelerator) {

    static Labels of(RequestRecord.Routing route) {
      return new Labels(
          route.request().model().name(),
          route.request().serviceClass().name(),
          route.assignment().accelerator());
    }

    Tags tags() {
      return Tags.of(
          "gen_ai.request.model", model,
          "service_class", serviceClass,
          "accelerator", accelerator);
    }
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

  /** What takes the durations of handovers of this kind, in nanoseconds. */
  public LongConsumer handovers(String kind) {
    Timer timer =
        Timer.builder("sluice.handover.duration")
            .tag("kind", kind)
            .serviceLevelObjectives(HANDOVERS)
            .register(registry);
    return nanos -> timer.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Everything in Prometheus' text form. */
  public String scrape() {
    return registry.scrape();
  }
}
