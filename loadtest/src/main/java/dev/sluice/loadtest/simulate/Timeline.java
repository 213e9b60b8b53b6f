package dev.sluice.loadtest.simulate;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * What became of drawn requests over time: what was of use while they came, and how long the first
 * token took of those who came after an instant.
 *
 * <p>Of use is an answer within every part of its budget, counted when it ends. What is answered
 * after the last arrival does not count, or an overload would seem to be served by the quiet that
 * follows it.
 */
final class Timeline {

  private static final double NANOS_PER_SECOND = 1e9;

  private final double seconds;
  private final SequencedMap<String, Long> goodByClass = new LinkedHashMap<>();
  private long good;
  private long offered;
  private long[] arrivalNanos = new long[1024];
  private long[] ttftNanos = new long[1024];

  /** Nothing yet, of {@code seconds} of requests of {@code classes}. */
  Timeline(double seconds, List<String> classes) {
    this.seconds = seconds;
    classes.forEach(name -> goodByClass.put(name, 0L));
  }

  void add(FinishedRequest finished) {
    Arrival arrival = finished.arrival();
    FinishedRequest.Answer answer = finished.answer();
    if (finished.met() && arrival.atNanos() + answer.totalNanos() < seconds * NANOS_PER_SECOND) {
      good++;
      goodByClass.merge(arrival.demand().serviceClass(), 1L, Long::sum);
    }
    if (offered == arrivalNanos.length) {
      arrivalNanos = Arrays.copyOf(arrivalNanos, 2 * arrivalNanos.length);
      ttftNanos = Arrays.copyOf(ttftNanos, arrivalNanos.length);
    }
    arrivalNanos[(int) offered] = arrival.atNanos();
    // what never had a first token is slower than everything
    ttftNanos[(int) offered] = answer.ttftNanos() == 0 ? Long.MAX_VALUE : answer.ttftNanos();
    offered++;
  }

  /** Requests that came, a second. */
  double offeredPerSecond() {
    return offered / seconds;
  }

  /** Good answers a second. */
  double goodPerSecond() {
    return good / seconds;
  }

  /** Good answers a second of the class called {@code name}. */
  double goodPerSecond(String name) {
    return goodByClass.getOrDefault(name, 0L) / seconds;
  }

  /** The 99th percentile of the time to the first token of those who came from then on. */
  long ttftNanosP99(long fromNanos) {
    long[] after = new long[(int) offered];
    int count = 0;
    for (int i = 0; i < offered; i++) {
      if (arrivalNanos[i] >= fromNanos) {
        after[count++] = ttftNanos[i];
      }
    }
    Arrays.sort(after, 0, count);
    return count == 0 ? 0 : after[(int) Math.ceil(0.99 * count) - 1];
  }
}
