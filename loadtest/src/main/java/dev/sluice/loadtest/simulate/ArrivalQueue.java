package dev.sluice.loadtest.simulate;

import dev.sluice.loadtest.workload.Turn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a run that are still to come, the next one first.
 *
 * <p>In an open loop they come at their recorded instants, and one of them is known at a time. In a
 * closed loop a request that follows an answer comes when that answer has ended, however it ended,
 * and its thought is over; then all of them are held, since fast hardware may call for a request
 * long before the instant at which it was recorded.
 */
final class ArrivalQueue {

  /** The answer to one turn of a conversation. */
  private record Answer(long conversation, int ordinal) {
    static Answer of(Turn turn) {
      return new Answer(turn.conversation(), turn.ordinal());
    }

    static Answer before(Turn turn) {
      return new Answer(turn.conversation(), turn.previous());
    }
  }

  private final ArrivalSource source;
  private final PriorityQueue<Arrival> due =
      new PriorityQueue<>(
          Comparator.comparingLong(Arrival::atNanos).thenComparingLong(Arrival::id));
  private final Map<Answer, List<Arrival>> followers = new HashMap<>();

  private ArrivalQueue(ArrivalSource source) {
    this.source = source;
  }

  /** Nobody comes. */
  static ArrivalQueue empty() {
    return new ArrivalQueue(() -> null);
  }

  /** What {@code source} gives, at its instants. */
  static ArrivalQueue openLoop(ArrivalSource source) throws IOException {
    ArrivalQueue queue = new ArrivalQueue(source);
    queue.readOn();
    return queue;
  }

  /** What {@code source} gives; who follows an answer that is not among it comes as recorded. */
  static ArrivalQueue closedLoop(ArrivalSource source) throws IOException {
    ArrivalQueue queue = new ArrivalQueue(() -> null);
    List<Arrival> all = new ArrayList<>();
    Set<Answer> given = new HashSet<>();
    for (Arrival next = source.next(); next != null; next = source.next()) {
      all.add(next);
      given.add(Answer.of(next.turn()));
    }
    for (Arrival each : all) {
      Turn turn = each.turn();
      if (turn.followsAnswer() && given.contains(Answer.before(turn))) {
        queue.followers.computeIfAbsent(Answer.before(turn), _ -> new ArrayList<>()).add(each);
      } else {
        queue.due.add(each);
      }
    }
    return queue;
  }

  /** The next request as far as is known; null when none is. */
  @Nullable Arrival first() {
    return due.peek();
  }

  /** Takes the {@linkplain #first first} one away. */
  void remove() throws IOException {
    due.remove();
    readOn();
  }

  private void readOn() throws IOException {
    Arrival next = source.next();
    if (next != null) {
      due.add(next);
    }
  }

  /** The answer to {@code arrival} has ended; those that follow it come after their thought. */
  void ended(Arrival arrival, long nowNanos) {
    List<Arrival> freed = followers.isEmpty() ? null : followers.remove(Answer.of(arrival.turn()));
    if (freed != null) {
      freed.forEach(each -> due.add(each.at(nowNanos + each.turn().thinkNanos())));
    }
  }
}
