package dev.sluice.gateway.dispatch;

import dev.sluice.backends.Backend;
import dev.sluice.gateway.call.Answer;
import dev.sluice.gateway.call.AttemptBooks;
import dev.sluice.gateway.call.Payload;
import dev.sluice.gateway.core.admission.OverloadLevel;
import dev.sluice.gateway.core.fleet.Observation;
import dev.sluice.gateway.core.policy.RoutingDecision;
import dev.sluice.gateway.core.prediction.Label;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.time.NanoClock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/** Carries out decisions: one {@link Execution} for each routed request. */
public final class Dispatcher implements AutoCloseable {

  final Surroundings surroundings;
  final Timers timers = new Timers();
  final RetryBudgets retryBudgets;
  final Bulkheads bulkheads;

  /** Those that have not ended; they leave by themselves. */
  final Set<Execution> running = ConcurrentHashMap.newKeySet();

  /**
   * What executions need of the rest of the gateway.
   *
   * @param backends by index of the deployment
   * @param observer hears what happens on deployments
   * @param learner hears what became of forecasts
   * @param chooser decides anew
   * @param books the accounts of attempts
   * @param overload how far the gateway has used up its own means
   * @param mostPerBackend most calls at once to one backend
   * @param clock the time
   */
  public record Surroundings(
      List<Backend> backends,
      Consumer<Observation> observer,
      Consumer<Label> learner,
      Chooser chooser,
      AttemptBooks books,
      Supplier<OverloadLevel> overload,
      int mostPerBackend,
      NanoClock clock) {
    public Surroundings {
      backends = List.copyOf(backends);
    }
  }

  /** Decides anew on a request. */
  public interface Chooser {

    /** Requests that the deployments of {@code model} can take at once. */
    int places(String model);

    /** Decides on a request that waits for a place. */
    RoutingDecision choose(AdmittedRequest request);

    /** The refusal of a request that would wait in vain. */
    Failure refusal(AdmittedRequest request);

    /**
     * Decides who helps out, leaving out the deployments that were tried.
     *
     * @param request what is left of the request
     */
    RoutingDecision rescue(AdmittedRequest request, IntPredicate tried);
  }

  /** A dispatcher over {@code surroundings}. */
  public Dispatcher(Surroundings surroundings) {
    this.surroundings = surroundings;
    retryBudgets = new RetryBudgets(surroundings.overload());
    bulkheads = new Bulkheads(surroundings.backends().size(), surroundings.mostPerBackend());
  }

  /** Serves a request as {@code route} says, into {@code answer}. */
  public void dispatch(RoutingDecision.Route route, Payload payload, Answer answer) {
    Execution execution = new Execution(this, route, payload, answer);
    running.add(execution);
    execution.begin();
  }

  /** Breaks off the answer that holds most memory, if there is any. */
  public void breakOffLargest() {
    Execution largest = null;
    long mostBytes = -1;
    for (Execution execution : running) {
      long bytes = execution.heldBytes();
      if (bytes > mostBytes) {
        largest = execution;
        mostBytes = bytes;
      }
    }
    if (largest != null) {
      largest.evict();
    }
  }

  /** Stops the timers. Running requests are not waited for. */
  @Override
  public void close() {
    timers.close();
  }
}
