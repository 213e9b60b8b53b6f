package dev.sluice.loadtest.simulate.fault;

import java.util.PriorityQueue;

/**
 * What is to happen, by its instant; what is due at one instant happens in the order in which it
 * was put down.
 */
final class Agenda {

  /** So many things at one instant are taken for a circle that never ends. */
  private static final int MOST_AT_ONCE = 100_000;

  private final PriorityQueue<Entry> entries = new PriorityQueue<>(256);
  private long nowNanos;
  private long rank;
  private int atOnce;

  private record Entry(long nanos, long rank, Runnable what) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int byTime = Long.compare(nanos, other.nanos);
      return byTime != 0 ? byTime : Long.compare(rank, other.rank);
    }
  }

  long nowNanos() {
    return nowNanos;
  }

  /** Lets {@code what} happen at {@code nanos}; at once, when that has passed. */
  void at(long nanos, Runnable what) {
    entries.add(new Entry(Math.max(nanos, nowNanos), rank++, what));
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /**
   * Plays all that happens before {@code nanos}, and then it is {@code nanos}.
   *
   * @throws BrokenPromise if time stands still
   */
  void playUntil(long nanos) {
    playBefore(nanos);
    nowNanos = nanos;
  }

  /** Plays all that is still to happen. */
  void playOut() {
    playBefore(Long.MAX_VALUE);
  }

  private void playBefore(long nanos) {
    while (!entries.isEmpty() && entries.peek().nanos < nanos) {
      Entry next = entries.remove();
      atOnce = next.nanos == nowNanos ? atOnce + 1 : 0;
      if (atOnce > MOST_AT_ONCE) {
        throw new BrokenPromise("time stands still: " + atOnce + " things happened at once");
      }
      nowNanos = next.nanos;
      next.what.run();
    }
  }

  @Override
  public String toString() {
    return "Agenda[" + entries.size() + " entries at " + nowNanos + " ns]";
  }
}
