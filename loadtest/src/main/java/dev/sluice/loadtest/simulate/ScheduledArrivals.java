package dev.sluice.loadtest.simulate;

import dev.sluice.loadtest.workload.Schedule;
import dev.sluice.loadtest.workload.ScheduledRequest;
import java.util.Iterator;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The requests of a schedule. */
final class ScheduledArrivals implements ArrivalSource {

  private final Iterator<ScheduledRequest> requests;
  private final ModelMix models;
  private final SplittableRandom random;

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
    return new Arrival(
        request.index(),
        request.intendedNanos(),
        request.inputTokens(),
        request.outputTokens(),
        models.draw(random),
        request.serviceClass(),
        request.prefix());
  }
}
