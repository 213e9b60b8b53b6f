package dev.sluice.loadtest.simulate.fault;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts of one run or of many. */
public final class Tally {

  /** What is counted besides what must happen at times. */
  public enum Count {
    /** Requests that callers sent. */
    REQUESTS,
    /** Complete answers. */
    COMPLETED,
    /** Requests refused before an attempt. */
    REJECTED,
    /** Requests that ended with a failure. */
    FAILED,
    /** Requests whose caller had left. */
    CANCELLED,
    /** Attempts. */
    ATTEMPTS,
    /** Streams that a process took with it after their first token. */
    KILLS_MID_STREAM,
    /** Streams that broke off for any reason after their first token. */
    BREAKS_MID_STREAM,
    /** Answers continued. */
    RESUMES,
    /** Tokens that backends sent. */
    TOKENS_SENT,
    /** Tokens that callers held against the oracle. */
    TOKENS_CHECKED
  }

  private final Map<Count, Long> counts = new EnumMap<>(Count.class);
  private final Map<Sometimes, Long> happened = new EnumMap<>(Sometimes.class);

  void count(Count what, long number) {
    counts.merge(what, number, Long::sum);
  }

  /** Notes that {@code what} happened. */
  void happened(Sometimes what) {
    happened.merge(what, 1L, Long::sum);
  }

  void add(Tally other) {
    other.counts.forEach(this::count);
    other.happened.forEach((what, number) -> happened.merge(what, number, Long::sum));
  }

  /** How many there were. */
  public long of(Count what) {
    return counts.getOrDefault(what, 0L);
  }

  /** How often it happened. */
  public long of(Sometimes what) {
    return happened.getOrDefault(what, 0L);
  }

  /** What never happened, but should have. */
  public List<Sometimes> missing() {
    List<Sometimes> missing = new ArrayList<>();
    for (Sometimes each : Sometimes.values()) {
      if (of(each) == 0) {
        missing.add(each);
      }
    }
    return missing;
  }

  @Override
  public String toString() {
    return "Tally" + counts + happened;
  }
}
