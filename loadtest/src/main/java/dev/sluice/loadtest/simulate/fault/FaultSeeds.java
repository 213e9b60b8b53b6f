package dev.sluice.loadtest.simulate.fault;

import dev.sluice.loadtest.simulate.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Seeds that were played one after the other, and what came of them in all.
 *
 * @param range those that were to be played
 * @param played how many were
 * @param tally what was counted
 * @param violations those in which a promise was broken
 */
public record FaultSeeds(Range range, long played, Tally tally, List<SeedResult> violations) {

  private static final Locale LOCALE = Locale.ROOT;

  public FaultSeeds {
    violations = List.copyOf(violations);
  }

  /** Seeds {@code first} to {@code last}, both included. */
  public record Range(long first, long last) {
    public Range {
      if (first < 0 || last < first) {
        throw new IllegalArgumentException(
            "seeds: " + first + ".." + last + " (expected: as 1..2000)");
      }
    }

    /**
     * The seeds that {@code text} names, as {@code 1..2000} or {@code 17}.
     *
     * @throws IllegalArgumentException if it names none
     */
    public static Range parse(String text) {
      String[] ends = text.split("\\.\\.", -1);
      try {
        long first = Long.parseLong(ends[0]);
        if (ends.length <= 2) {
          return new Range(first, ends.length == 1 ? first : Long.parseLong(ends[1]));
        }
      } catch (NumberFormatException _) {
        // told below, with what was expected
      }
      throw new IllegalArgumentException("seeds: " + text + " (expected: as 1..2000)");
    }

    /** How many they are. */
    public long size() {
      return last - first + 1;
    }
  }

  /** Plays {@code range} with the gateway's own machine, as long as {@code goesOn} says so. */
  public static FaultSeeds play(Range range, BooleanSupplier goesOn, Progress progress) {
    Tally tally = new Tally();
    List<SeedResult> violations = new ArrayList<>();
    long played = 0;
    for (long seed = range.first(); seed <= range.last() && goesOn.getAsBoolean(); seed++) {
      SeedResult result = SeedRun.play(seed, Rig.PRODUCTION, null);
      played++;
      tally.add(result.tally());
      progress.played((int) result.tally().of(Tally.Count.REQUESTS));
      progress.runFinished();
      if (result.violation() != null) {
        violations.add(result);
      }
    }
    return new FaultSeeds(range, played, tally, violations);
  }

  /** Plays one seed and tells all that happens. */
  public static FaultSeeds tell(long seed, Consumer<String> log) {
    SeedResult result = SeedRun.play(seed, Rig.PRODUCTION, log);
    return new FaultSeeds(
        new Range(seed, seed),
        1,
        result.tally(),
        result.violation() == null ? List.of() : List.of(result));
  }

  /** Whether every promise was kept. */
  public boolean isGreen() {
    return violations.isEmpty();
  }

  /** All of it in lines, with the time it took. */
  public List<String> summary(long elapsedNanos) {
    List<String> lines = new ArrayList<>();
    for (Sometimes each : Sometimes.values()) {
      lines.add(
          String.format(
              LOCALE,
              "%,12d  %s",
              tally.of(each),
              each.name().toLowerCase(LOCALE).replace('_', ' ')));
    }
    lines.add(
        String.format(
            LOCALE,
            "seeds %d..%d: %,d run in %.1f s, %,.0f a second",
            range.first(),
            range.last(),
            played,
            elapsedNanos / 1e9,
            played * 1e9 / Math.max(1, elapsedNanos)));
    lines.add(
        String.format(
            LOCALE,
            "requests %,d: %,d completed, %,d failed, %,d rejected, %,d cancelled; attempts %,d",
            of(Tally.Count.REQUESTS),
            of(Tally.Count.COMPLETED),
            of(Tally.Count.FAILED),
            of(Tally.Count.REJECTED),
            of(Tally.Count.CANCELLED),
            of(Tally.Count.ATTEMPTS)));
    lines.add(
        String.format(
            LOCALE,
            "kills mid-stream %,d, breaks mid-stream of all kinds %,d, tokens checked %,d,"
                + " resumes %,d",
            of(Tally.Count.KILLS_MID_STREAM),
            of(Tally.Count.BREAKS_MID_STREAM),
            of(Tally.Count.TOKENS_CHECKED),
            of(Tally.Count.RESUMES)));
    lines.add(String.format(LOCALE, "violations %,d", violations.size()));
    return lines;
  }

  private long of(Tally.Count what) {
    return tally.of(what);
  }
}
