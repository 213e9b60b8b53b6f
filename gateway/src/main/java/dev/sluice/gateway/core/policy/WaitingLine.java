package dev.sluice.gateway.core.policy;

import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Function;

/**
 * Requests that wait for better times: a line for each model and service class, since what one of
 * them lacks may be there for another; within a line by earliest deadline. Bounded; not
 * thread-safe.
 *
 * @param <T> what the caller needs to go on with a request
 */
public final class WaitingLine<T> {

  /**
   * Most requests of a line that a review leaves waiting before it goes on to the next line: behind
   * so many of a kind that must wait, the others of that kind must too.
   */
  private static final int MOST_LEFT_WAITING = 8;

  private record Kind(String model, String serviceClass) {}

  private record Waiting<T>(AdmittedRequest request, T ticket, long deadlineNanos, long rank) {}

  private final int capacity;
  private final Map<Kind, PriorityQueue<Waiting<T>>> lines = new LinkedHashMap<>();
  private int size;
  private long arrivals;

  /** A line of at most {@code capacity} requests. */
  public WaitingLine(int capacity) {
    this.capacity = capacity;
  }

  /** Lets {@code request} wait; false when the line is full. */
  public boolean add(AdmittedRequest request, T ticket) {
    if (size >= capacity) {
      return false;
    }
    size++;
    return lines
        .computeIfAbsent(
            new Kind(request.model().name(), request.serviceClass().name()),
            _ -> new PriorityQueue<>(byDeadline()))
        .add(new Waiting<>(request, ticket, deadlineNanos(request), arrivals++));
  }

  private static <T> Comparator<Waiting<T>> byDeadline() {
    return Comparator.comparingLong((Waiting<T> waiting) -> waiting.deadlineNanos())
        .thenComparingLong(Waiting::rank);
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
    for (PriorityQueue<Waiting<T>> line : lines.values()) {
      if (line.removeIf(waiting -> waiting.ticket().equals(ticket))) {
        size--;
        return true;
      }
    }
    return false;
  }

  /** Requests that wait. */
  public int size() {
    return size;
  }

  /**
   * Decides anew on those with the earliest deadlines of each line, the most urgent line first; who
   * need not wait any more leaves. {@code onLeave} takes each decision to effect before the next is
   * made.
   */
  public void review(Function<AdmittedRequest, RoutingDecision> decide, Leaving<T> onLeave) {
    List<PriorityQueue<Waiting<T>>> urgent = new ArrayList<>(lines.size());
    for (PriorityQueue<Waiting<T>> line : lines.values()) {
      if (!line.isEmpty()) {
        urgent.add(line);
      }
    }
    urgent.sort(Comparator.comparing(PriorityQueue::peek, byDeadline()));
    for (PriorityQueue<Waiting<T>> line : urgent) {
      review(line, decide, onLeave);
    }
  }

  private void review(
      PriorityQueue<Waiting<T>> line,
      Function<AdmittedRequest, RoutingDecision> decide,
      Leaving<T> onLeave) {
    List<Waiting<T>> staying = new ArrayList<>(MOST_LEFT_WAITING);
    while (!line.isEmpty() && staying.size() < MOST_LEFT_WAITING) {
      Waiting<T> first = line.remove();
      RoutingDecision decision = decide.apply(first.request());
      if (decision instanceof RoutingDecision.Wait) {
        staying.add(first);
      } else {
        size--;
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
