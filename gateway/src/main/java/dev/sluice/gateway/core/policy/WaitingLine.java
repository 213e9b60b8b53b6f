package dev.sluice.gateway.core.policy;

import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;

/**
 * Requests that wait for better times, by earliest deadline of their first token. Bounded; not
 * thread-safe.
 *
 * @param <T> what the caller needs to go on with a request
 */
public final class WaitingLine<T> {

  /** Most requests that one pass looks at: behind so many that must wait, others must too. */
  private static final int MOST_LOOKED_AT = 64;

  private record Waiting<T>(AdmittedRequest request, T ticket, long deadlineNanos, long rank) {}

  private final int capacity;
  private final PriorityQueue<Waiting<T>> line =
      new PriorityQueue<>(
          Comparator.comparingLong((Waiting<T> w) -> w.deadlineNanos())
              .thenComparingLong(Waiting::rank));
  private long arrivals;

  /** A line of at most {@code capacity} requests. */
  public WaitingLine(int capacity) {
    this.capacity = capacity;
  }

  /** Lets {@code request} wait; false when the line is full. */
  public boolean add(AdmittedRequest request, T ticket) {
    if (line.size() >= capacity) {
      return false;
    }
    return line.add(new Waiting<>(request, ticket, deadlineNanos(request), arrivals++));
  }

  /** The instant by which something must come: the first token, else the whole answer. */
  private static long deadlineNanos(AdmittedRequest request) {
    Budget budget = request.budget();
    long arrivalNanos = request.request().timing().arrivalNanos();
    long lengthNanos =
        budget.firstTokenNanos() > 0 ? budget.firstTokenNanos() : budget.totalNanos();
    return lengthNanos > 0
        ? Math.min(request.deadlineNanos(), arrivalNanos + lengthNanos)
        : request.deadlineNanos();
  }

  /** Takes {@code ticket} out; false when it does not wait. */
  public boolean remove(T ticket) {
    return line.removeIf(waiting -> waiting.ticket().equals(ticket));
  }

  /** Requests that wait. */
  public int size() {
    return line.size();
  }

  /**
   * Decides anew on those with the earliest deadlines, in their order; who need not wait any more
   * leaves the line. {@code onLeave} takes each decision to effect before the next is made.
   */
  public void review(Function<AdmittedRequest, RoutingDecision> decide, Leaving<T> onLeave) {
    List<Waiting<T>> staying = new ArrayList<>();
    while (!line.isEmpty() && staying.size() < MOST_LOOKED_AT) {
      Waiting<T> first = line.remove();
      RoutingDecision decision = decide.apply(first.request());
      if (decision instanceof RoutingDecision.Wait) {
        staying.add(first);
      } else {
        onLeave.leave(first.ticket(), decision);
      }
    }
    line.addAll(staying);
  }

  /** Takes to effect that a request need not wait any more. */
  @FunctionalInterface
  public interface Leaving<T> {

    /** {@code decision} is to route or to refuse. */
    void leave(T ticket, RoutingDecision decision);
  }
}
