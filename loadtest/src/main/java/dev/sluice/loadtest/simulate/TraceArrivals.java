package dev.sluice.loadtest.simulate;

import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Constraints;
import dev.sluice.loadtest.workload.ClassMix;
import dev.sluice.loadtest.workload.ServiceClass;
import dev.sluice.loadtest.workload.Terms;
import dev.sluice.loadtest.workload.TraceCursor;
import dev.sluice.loadtest.workload.TraceRow;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a trace as requests. A row that names a class of the mix has it, the others are given
 * one by their shares; a budget of the row's own comes before that of its class.
 */
final class TraceArrivals implements ArrivalSource {

  private record Kind(String model, ServiceClass serviceClass) {}

  private final TraceCursor rows;
  private final ClassMix classes;
  private final ModelMix models;
  private final SplittableRandom classRandom;
  private final SplittableRandom modelRandom;
  private final Map<Kind, Demand> demands = new LinkedHashMap<>();
  private long count;

  TraceArrivals(TraceCursor rows, ClassMix classes, ModelMix models, long seed) {
    this.rows = rows;
    this.classes = classes;
    this.models = models;
    SplittableRandom root = new SplittableRandom(seed);
    classRandom = root.split();
    modelRandom = root.split();
  }

  @Override
  public @Nullable Arrival next() throws IOException {
    TraceRow row = rows.next();
    if (row == null) {
      return null;
    }
    // drawn also where it is not needed, so that one row's class does not move those of all others
    ServiceClass drawn = classes.draw(classRandom);
    ServiceClass serviceClass = classes.named(row.terms().serviceClass()).orElse(drawn);
    Demand demand =
        demands.computeIfAbsent(
            new Kind(models.draw(modelRandom), serviceClass),
            kind -> Demand.of(kind.model(), kind.serviceClass()));
    return new Arrival(
        count++,
        row.atNanos(),
        row.inputTokens(),
        row.outputTokens(),
        row.terms().equals(Terms.NONE) ? demand : onTerms(demand, row.terms()),
        row.prefix(),
        row.turn());
  }

  private static Demand onTerms(Demand demand, Terms terms) {
    dev.sluice.loadtest.workload.Budget own = terms.budget();
    return new Demand(
        demand.model(),
        demand.serviceClass(),
        new Budget(own.ttftNanos(), own.tpotNanos(), own.totalNanos()).orElse(demand.budget()),
        new Constraints(List.of(), Double.POSITIVE_INFINITY, terms.tenant()));
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
