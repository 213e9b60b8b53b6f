package dev.sluice.loadtest.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * Maker of schedules. Each use of chance has its own generator, split from the seed in a fixed
 * order, so that a change of the class mix leaves arrivals and lengths as they were.
 */
public final class ScheduleBuilder {
  private static final int WARM_UP_INPUT_TOKENS = 32;
  private static final int WARM_UP_OUTPUT_TOKENS = 8;

  private final ClassMix mix;
  private final SplittableRandom arrivalRandom;
  private final SplittableRandom lengthRandom;
  private final SplittableRandom classRandom;
  private final SplittableRandom promptRandom;

  /** A builder whose schedules depend on mix and seed alone. */
  public ScheduleBuilder(ClassMix mix, long seed) {
    this.mix = mix;
    SplittableRandom root = new SplittableRandom(seed);
    arrivalRandom = root.split();
    lengthRandom = root.split();
    classRandom = root.split();
    promptRandom = root.split();
  }

  /** Synthetic requests with the lengths of a published conversation trace. */
  public Schedule synthetic(ArrivalProcess arrivals, double rate, long durationNanos) {
    if (!(rate > 0 && rate * (durationNanos / 1e9) <= 50_000_000)) {
      throw new IllegalArgumentException(
          "rate: " + rate + " req/s (expected: above 0, and at most 50 million requests in all)");
    }
    List<TraceRow> rows = new ArrayList<>();
    double at = arrivals.drawGap(arrivalRandom) * 1e9 / rate;
    while (at < durationNanos) {
      int input = LengthDistribution.AZURE_2023_CONVERSATION_INPUT.draw(lengthRandom);
      int output = LengthDistribution.AZURE_2023_CONVERSATION_OUTPUT.draw(lengthRandom);
      rows.add(new TraceRow((long) at, input, output, PrefixBlocks.NONE));
      at += arrivals.drawGap(arrivalRandom) * 1e9 / rate;
    }
    if (rows.isEmpty()) {
      throw new IllegalArgumentException(
          "rate: %s req/s over %.1f s gives no request (expected: at least one)"
              .formatted(rate, durationNanos / 1e9));
    }
    return schedule(rows, durationNanos);
  }

  /** Small requests in an even flow: they run the code of both sides without filling a backend. */
  public Schedule warmUp(double rate, long durationNanos) {
    List<TraceRow> rows = new ArrayList<>();
    for (double at = 0; at < durationNanos; at += 1e9 / rate) {
      rows.add(
          new TraceRow((long) at, WARM_UP_INPUT_TOKENS, WARM_UP_OUTPUT_TOKENS, PrefixBlocks.NONE));
    }
    return schedule(rows, durationNanos);
  }

  /**
   * A trace's own requests. A row that names a class of the mix has it; the others are given one by
   * their shares.
   *
   * @param rate mean rate to scale to; empty: the trace's own timing
   * @param durationNanos where to cut; empty: at the trace's end
   */
  public Schedule fromTrace(Trace trace, OptionalDouble rate, OptionalLong durationNanos) {
    List<TraceRow> rows = trace.rows();
    long spanNanos = rows.getLast().atNanos() + 1;
    long windowNanos = Math.min(spanNanos, durationNanos.orElse(spanNanos));
    if (rate.isPresent()) {
      return schedule(
          new RateScaling(rows, arrivalRandom.nextLong()).toRate(rate.getAsDouble(), windowNanos),
          windowNanos);
    }
    return schedule(
        rows.stream().takeWhile(row -> row.atNanos() < windowNanos).toList(), windowNanos);
  }

  private Schedule schedule(List<TraceRow> rows, long horizonNanos) {
    List<ScheduledRequest> requests = new ArrayList<>(rows.size());
    for (TraceRow row : rows) {
      ServiceClass drawn = mix.draw(classRandom);
      long promptSeed = promptRandom.nextLong();
      requests.add(
          new ScheduledRequest(
              requests.size(),
              row.atNanos(),
              row.inputTokens(),
              row.outputTokens(),
              mix.named(row.terms().serviceClass()).orElse(drawn),
              promptSeed,
              row.prefix().inSentBlocks(row.inputTokens(), promptSeed)));
    }
    return new Schedule(requests, horizonNanos, mix.classes());
  }
}
