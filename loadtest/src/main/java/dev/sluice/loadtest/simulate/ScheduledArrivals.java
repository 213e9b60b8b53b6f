package dev.sluice.loadtest.simulate;

import dev.sluice.loadtest.workload.Schedule;
import dev.sluice.loadtest.workload.ScheduledRequest;
import dev.sluice.loadtest.workload.ServiceClass;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The requests of a schedule. */
final class ScheduledArrivals implements ArrivalSource {

  private record Kind(String model, ServiceClass serviceClass) {}

  private final Iterator<ScheduledRequest> requests;
  private final ModelMix models;
  private final SplittableRandom random;
  private final Map<Kind, Demand> demands = new LinkedHashMap<>();

  ScheduledArrivals(Schedule schedule, ModelMix models, long seed) {
    this.requests = schedule.requests().iterator();
    this.models = models;
    this.random = new SplittableRandom(seed);
  }

  @Override
  public @Nullable Arrival next() {
    if (!requests.hasNext()) {
      return null;
    }
    ScheduledRequest request = requests.next();
    Kind kind = new Kind(models.draw(random), request.serviceClass());
    return new Arrival(
        request.index(),
        request.intendedNanos(),
        request.inputTokens(),
        request.outputTokens(),
        demands.computeIfAbsent(kind, each -> Demand.of(each.model(), each.serviceClass())),
        request.prefix());
  }
}
