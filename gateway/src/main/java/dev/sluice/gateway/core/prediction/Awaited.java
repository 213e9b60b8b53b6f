package dev.sluice.gateway.core.prediction;

import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Attempts that were sent and have no token yet, by the instant at which they are overdue. */
final class Awaited {

  /**
   * Most attempts kept; a gateway holds ten thousand requests by default. Beyond, those due last
   * are forgotten: they teach when their token comes, only not before.
   */
  static final int MOST = 32_768;

  /** The instant at which one is due that nobody needs to look at again. */
  static final long NEVER = Long.MAX_VALUE;

  /** One of them. */
  static final class Entry {
    final Prediction prediction;
    final long sentNanos;
    final TrackLearner.Sample sample = new TrackLearner.Sample();
    private final long number;
    private long dueNanos;

    private Entry(Prediction prediction, long sentNanos, long number, long dueNanos) {
      this.prediction = prediction;
      this.sentNanos = sentNanos;
      this.number = number;
      this.dueNanos = dueNanos;
    }
  }

  /** By identity: each attempt has a prediction of its own. Never iterated. */
  private final IdentityHashMap<Prediction, Entry> entries = new IdentityHashMap<>();

  private final TreeSet<Entry> byDue =
      new TreeSet<>(
          Comparator.<Entry>comparingLong(entry -> entry.dueNanos)
              .thenComparingLong(entry -> entry.number));
  private long added;

  /** Adds an attempt that is overdue at {@code dueNanos}. */
  void add(Prediction prediction, long sentNanos, long dueNanos) {
    remove(prediction);
    Entry entry = new Entry(prediction, sentNanos, added++, dueNanos);
    entries.put(prediction, entry);
    byDue.add(entry);
    if (entries.size() > MOST) {
      remove(byDue.last().prediction);
    }
  }

  /** Takes the attempt out; null when it is not kept. */
  @Nullable Entry remove(Prediction prediction) {
    Entry entry = entries.remove(prediction);
    if (entry != null) {
      byDue.remove(entry);
    }
    return entry;
  }

  /** The first that is overdue at {@code nowNanos}; null when there is none. */
  @Nullable Entry overdue(long nowNanos) {
    if (byDue.isEmpty()) {
      return null;
    }
    Entry first = byDue.first();
    return first.dueNanos <= nowNanos && first.dueNanos < NEVER ? first : null;
  }

  /** Looks at {@code entry} again at {@code dueNanos}. */
  void again(Entry entry, long dueNanos) {
    byDue.remove(entry);
    entry.dueNanos = dueNanos;
    byDue.add(entry);
  }

  /** Attempts kept. */
  int size() {
    return entries.size();
  }
}
