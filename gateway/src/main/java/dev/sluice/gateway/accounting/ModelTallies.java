package dev.sluice.gateway.accounting;

import dev.sluice.gateway.call.ModelTally;
import dev.sluice.gateway.call.RequestRecord;
import dev.sluice.gateway.core.request.Catalogue;
import dev.sluice.gateway.core.request.Model;
import dev.sluice.gateway.time.WallClock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds up records by model; what was asked of models that do not exist is not kept. Thread-safe.
 */
public final class ModelTallies {

  private final Catalogue catalogue;
  private final WallClock wall;
  private final Map<String, ModelTally> tallies = new LinkedHashMap<>();

  /** Tallies of the models of {@code catalogue}, all zero. */
  public ModelTallies(Catalogue catalogue, WallClock wall) {
    this.catalogue = catalogue;
    this.wall = wall;
    for (Model model : catalogue.models()) {
      tallies.put(model.name(), new ModelTally(model.name(), 0, 0, 0, 0, 0, 0));
    }
  }

  /** Takes the account of a request that is over. */
  public synchronized void count(RequestRecord account) {
    Model model = catalogue.model(account.asked().model());
    if (model != null) {
      tallies.computeIfPresent(model.name(), (_, before) -> after(before, account));
    }
  }

  private ModelTally after(ModelTally before, RequestRecord account) {
    long nanos = account.times().totalNanos();
    return switch (account.outcome()) {
      case RequestRecord.Completed _ ->
          new ModelTally(
              before.model(),
              before.completed() + 1,
              before.completedNanos() + nanos,
              before.queueNanos() + account.times().decisionNanos(),
              before.failed(),
              before.failedNanos(),
              wall.epochSeconds());
      case RequestRecord.Failed(var failure) ->
          OpenAccount.isTheCallersEnd(failure.reason())
              ? before
              : new ModelTally(
                  before.model(),
                  before.completed(),
                  before.completedNanos(),
                  before.queueNanos(),
                  before.failed() + 1,
                  before.failedNanos() + nanos,
                  wall.epochSeconds());
    };
  }

  /** All of them, in the order of the configuration. */
  public synchronized List<ModelTally> read() {
    return new ArrayList<>(tallies.values());
  }
}
