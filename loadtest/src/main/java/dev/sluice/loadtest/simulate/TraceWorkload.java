package dev.sluice.loadtest.simulate;

import dev.sluice.loadtest.workload.ClassMix;
import dev.sluice.loadtest.workload.Schedule;
import dev.sluice.loadtest.workload.ScheduleBuilder;
import dev.sluice.loadtest.workload.ServiceClass;
import dev.sluice.loadtest.workload.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The requests of a trace.
 *
 * @param trace its file
 * @param classes who asks
 * @param models what for
 */
public record TraceWorkload(Path trace, ClassMix classes, ModelMix models) implements Workload {

  @Override
  public List<String> classNames() {
    return classes.classes().stream().map(ServiceClass::name).toList();
  }

  @Override
  public ArrivalSource arrivals(double scale, long seed) throws IOException {
    Trace rows = Trace.read(trace, seed);
    double ownRate = rows.rows().size() * 1e9 / (rows.rows().getLast().atNanos() + 1);
    Schedule schedule =
        new ScheduleBuilder(classes, seed)
            .fromTrace(
                rows,
                scale == 1 ? OptionalDouble.empty() : OptionalDouble.of(scale * ownRate),
                OptionalLong.empty());
    return new ScheduledArrivals(schedule, models, seed);
  }
}
