package dev.sluice.gateway.observe;

import dev.sluice.gateway.call.Assignment;
import dev.sluice.gateway.call.RequestRecord;
import dev.sluice.gateway.core.request.BudgetPart;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The meters of one model, service class and kind of accelerator. */
final class Series {

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

  private final Timer duration;
  private final Timer firstToken;
  private final Timer perToken;
  private final Timer decision;
  private final DistributionSummary firstTokenRatio;
  private final DistributionSummary perTokenRatio;
  private final DistributionSummary inputTokens;
  private final DistributionSummary outputTokens;
  private final Map<BudgetPart, Counter> missed = new EnumMap<>(BudgetPart.class);

  Series(MeterRegistry registry, Tags tags) {
    duration = timer(registry, "gen_ai.server.request.duration", tags, LATENCIES);
    firstToken = timer(registry, "gen_ai.server.time_to_first_token", tags, LATENCIES);
    perToken = timer(registry, "gen_ai.server.time_per_output_token", tags, GAPS);
    decision = timer(registry, "sluice.decision.duration", tags, LATENCIES);
    firstTokenRatio = ratio(registry, tags.and("quantity", "ttft"));
    perTokenRatio = ratio(registry, tags.and("quantity", "tpot"));
    inputTokens = usage(registry, tags.and("gen_ai.token.type", "input"));
    outputTokens = usage(registry, tags.and("gen_ai.token.type", "output"));
    for (BudgetPart part : BudgetPart.values()) {
      missed.put(part, registry.counter("sluice.budget.missed", tags.and("part", part.name())));
    }
  }

  private static Timer timer(MeterRegistry registry, String name, Tags tags, Duration[] buckets) {
    return Timer.builder(name).tags(tags).serviceLevelObjectives(buckets).register(registry);
  }

  private static DistributionSummary ratio(MeterRegistry registry, Tags tags) {
    return DistributionSummary.builder("sluice.forecast.ratio")
        .tags(tags)
        .serviceLevelObjectives(0.25, 0.5, 0.8, 0.95, 1.05, 1.25, 2, 4)
        .register(registry);
  }

  private static DistributionSummary usage(MeterRegistry registry, Tags tags) {
    return DistributionSummary.builder("gen_ai.client.token.usage")
        .tags(tags)
        .serviceLevelObjectives(1, 16, 64, 256, 1024, 4096, 16384, 65536)
        .register(registry);
  }

  /** Counts a request that was routed; times and tokens only when it was answered in full. */
  void count(RequestRecord account, RequestRecord.Routing route) {
    decision.record(account.times().decisionNanos(), TimeUnit.NANOSECONDS);
    for (BudgetPart part : account.missed()) {
      Counter counter = missed.get(part);
      if (counter != null) {
        counter.increment();
      }
    }
    if (account.outcome() instanceof RequestRecord.Completed) {
      countCompleted(account, route.assignment().expectation());
    }
  }

  private void countCompleted(RequestRecord account, Assignment.Expectation expected) {
    RequestRecord.Times times = account.times();
    duration.record(times.totalNanos(), TimeUnit.NANOSECONDS);
    firstToken.record(times.firstTokenNanos(), TimeUnit.NANOSECONDS);
    firstTokenRatio.record(times.firstTokenNanos() / Math.max(expected.firstTokenNanos(), 1));
    if (times.perTokenNanos() > 0) {
      perToken.record(times.perTokenNanos(), TimeUnit.NANOSECONDS);
      perTokenRatio.record(times.perTokenNanos() / Math.max(expected.perTokenNanos(), 1));
    }
    inputTokens.record(account.usage().inputTokens());
    outputTokens.record(account.usage().outputTokens());
  }
}
