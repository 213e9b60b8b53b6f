package dev.sluice.gateway.core.policy;

import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Function;

/**
 * Requests that wait for better times: a line for each model and service class, since what one of
 * them lacks may be there for another; within a line by earliest deadline. Not thread-safe.
 *
 * <p>Bounded in requests, in requests of a kind and in prompts, and by how many of a kind were
 * served of late: who would probably be refused in the end is refused at once, and can go elsewhere
 * (faults §5.5).
 *
 * @param <T> what the caller needs to go on with a request
 */
public final class WaitingLine<T> {

  /**
   * Most requests of a line that a review leaves waiting before it goes on to the next line: behind
   * so many of a kind that must wait, the others of that kind must too.
   */
  private static final int MOST_LEFT_WAITING = 8;

  /** Most tokens of prompts: 64 MiB at four bytes each, of text or of an id (faults §5.5). */
  private static final long MOST_TOKENS = 16L << 20;

  /** Places of a model's deployments for which one of a kind may wait each (faults §5.5). */
  private static final int PER_PLACE = 2;

  private final int capacity;
  private final Map<Kind, Line<T>> lines = new LinkedHashMap<>();
  private int size;
  private long tokens;
  private long arrivals;

  private record Kind(String model, String serviceClass) {
    static Kind of(AdmittedRequest request) {
      return new Kind(request.model().name(), request.serviceClass().name());
    }
  }

  private record Waiting<T>(
      AdmittedRequest request, T ticket, long enteredNanos, long deadlineNanos, long rank) {}

  /** Those of a kind, and what became of those before them. */
  private static final class Line<T> {
    private final PriorityQueue<Waiting<T>> queue = new PriorityQueue<>(byDeadline());
    private final Waits waits = new Waits();
  }

  /** What became of a request that asks to wait. */
  public enum Entry {
    /** It waits. */
    TAKEN,
    /** As many wait as may. */
    FULL,
    /** As many of its kind wait as are likely to be served in time. */
    IN_VAIN
  }

  /** A line of at most {@code capacity} requests. */
  public WaitingLine(int capacity) {
    this.capacity = capacity;
  }

  /**
   * Lets {@code request} wait if there is room and hope.
   *
   * @param places requests that the deployments of its model can take at once
   */
  public Entry add(AdmittedRequest request, T ticket, int places, long nowNanos) {
    Line<T> line = lines.computeIfAbsent(Kind.of(request), _ -> new Line<>());
    if (size >= capacity
        || line.queue.size() >= PER_PLACE * (long) places
        || tokens + request.promptTokens() > MOST_TOKENS) {
      return Entry.FULL;
    }
    long deadlineNanos = deadlineNanos(request);
    if (!line.waits.mayWait(line.queue.size(), deadlineNanos - nowNanos, nowNanos)) {
      return Entry.IN_VAIN;
    }
    size++;
    tokens += request.promptTokens();
    line.queue.add(new Waiting<>(request, ticket, nowNanos, deadlineNanos, arrivals++));
    return Entry.TAKEN;
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
    for (Line<T> line : lines.values()) {
      for (Iterator<Waiting<T>> each = line.queue.iterator(); each.hasNext(); ) {
        Waiting<T> waiting = each.next();
        if (waiting.ticket().equals(ticket)) {
          each.remove();
          forget(waiting);
          return true;
        }
      }
    }
    return false;
  }

  private void forget(Waiting<T> left) {
    size--;
    tokens -= left.request().promptTokens();
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
  public void review(
      Function<AdmittedRequest, RoutingDecision> decide, Leaving<T> onLeave, long nowNanos) {
    List<Line<T>> urgent = new ArrayList<>(lines.size());
    for (Line<T> line : lines.values()) {
      if (!line.queue.isEmpty()) {
        urgent.add(line);
      }
    }
    urgent.sort(Comparator.comparing(line -> line.queue.peek(), byDeadline()));
    for (Line<T> line : urgent) {
      review(line, decide, onLeave, nowNanos);
    }
  }

  private void review(
      Line<T> line,
      Function<AdmittedRequest, RoutingDecision> decide,
      Leaving<T> onLeave,
      long nowNanos) {
    List<Waiting<T>> staying = new ArrayList<>(MOST_LEFT_WAITING);
    while (!line.queue.isEmpty() && staying.size() < MOST_LEFT_WAITING) {
      Waiting<T> first = line.queue.remove();
      RoutingDecision decision = decide.apply(first.request());
      if (decision instanceof RoutingDecision.Wait) {
        staying.add(first);
      } else {
        forget(first);
        int waiting = line.queue.size() + staying.size();
        if (decision instanceof RoutingDecision.Route) {
          line.waits.served(waiting, nowNanos);
        } else {
          line.waits.inVain(first.enteredNanos(), nowNanos);
        }
        onLeave.leave(first.ticket(), decision);
      }
    }
    line.queue.addAll(staying);
  }

  /** Takes to effect that a request need not wait any more. */
  @FunctionalInterface
  public interface Leaving<T> {

    /** {@code decision} is to route or to refuse. */
    void leave(T ticket, RoutingDecision decision);
  }
}
