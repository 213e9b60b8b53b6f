package dev.sluice.loadtest.simulate;

import dev.sluice.loadtest.report.Outcome;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
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
  private long[] refusalNanos = new long[1024];
  private int refusals;
  private long good;
  private long offered;
  private final SequencedMap<String, Course> courses = new LinkedHashMap<>();

  /** Nothing yet, of {@code seconds} of requests of {@code classes}. */
  Timeline(double seconds, List<String> classes) {
    this.seconds = seconds;
    for (String name : classes) {
      goodByClass.put(name, 0L);
      courses.put(name, new Course());
    }
  }

  void add(FinishedRequest finished) {
    Arrival arrival = finished.arrival();
    FinishedRequest.Answer answer = finished.answer();
    if (finished.met() && arrival.atNanos() + answer.totalNanos() < seconds * NANOS_PER_SECOND) {
      good++;
      goodByClass.merge(arrival.demand().serviceClass(), 1L, Long::sum);
    }
    if (finished.ending().outcome() == Outcome.REFUSED) {
      if (refusals == refusalNanos.length) {
        refusalNanos = Arrays.copyOf(refusalNanos, 2 * refusals);
      }
      refusalNanos[refusals++] = answer.totalNanos();
    }
    course(arrival.demand().serviceClass()).add(finished);
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

  /** The time from arrival to refusal that so much of the refusals kept; 0 without any. */
  long refusalNanos(double share) {
    long[] ascending = Arrays.copyOf(refusalNanos, refusals);
    Arrays.sort(ascending);
    return refusals == 0 ? 0 : ascending[(int) Math.ceil(share * refusals) - 1];
  }

  /** How those of the class called {@code name} fared one after the other. */
  Course course(String name) {
    return Objects.requireNonNull(courses.get(name), name);
  }

  /** How the requests of a class fared, by the instant at which they came. */
  static final class Course {
    private long[] arrivalNanos = new long[1024];
    private long[] ttftNanos = new long[1024];
    private boolean[] met = new boolean[1024];
    private int size;

    private void add(FinishedRequest finished) {
      if (size == arrivalNanos.length) {
        arrivalNanos = Arrays.copyOf(arrivalNanos, 2 * size);
        ttftNanos = Arrays.copyOf(ttftNanos, 2 * size);
        met = Arrays.copyOf(met, 2 * size);
      }
      arrivalNanos[size] = finished.arrival().atNanos();
      ttftNanos[size] = finished.answer().ttftNanos();
      met[size] = finished.met();
      size++;
    }

    /** Share of those who came from then on that kept their budget. */
    double attained(long fromNanos) {
      int came = 0;
      int good = 0;
      for (int i = 0; i < size; i++) {
        if (arrivalNanos[i] >= fromNanos) {
          came++;
          good += met[i] ? 1 : 0;
        }
      }
      return good / (double) came;
    }

    /**
     * The 99th percentile of the time to the first token of those who came from then on and got
     * one.
     */
    long ttftNanosP99(long fromNanos) {
      long[] after = new long[size];
      int count = 0;
      for (int i = 0; i < size; i++) {
        if (arrivalNanos[i] >= fromNanos && ttftNanos[i] > 0) {
          after[count++] = ttftNanos[i];
        }
      }
      Arrays.sort(after, 0, count);
      return count == 0 ? 0 : after[(int) Math.ceil(0.99 * count) - 1];
    }
  }
}
