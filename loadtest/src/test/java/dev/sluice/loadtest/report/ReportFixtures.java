package dev.sluice.loadtest.report;

import dev.sluice.loadtest.workload.ArrivalProcess;
import dev.sluice.loadtest.workload.ClassMix;
import dev.sluice.loadtest.workload.Schedule;
import dev.sluice.loadtest.workload.ScheduleBuilder;
import dev.sluice.loadtest.workload.ScheduledRequest;
import java.util.Map;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/** Runs that never were. */
public final class ReportFixtures {
  /** In nanoseconds. */
  public static final long MILLISECOND = 1_000_000;

  private ReportFixtures() {}

  /** A run of 100 s at a constant rate in which each request ends as told. */
  public static RunResult run(
      double rate, ClientHealth client, Function<ScheduledRequest, RequestResult> results) {
    Schedule schedule =
        new ScheduleBuilder(ClassMix.parse("coding=0.2,chat=0.8", Map.of()), 1)
            .synthetic(new ArrivalProcess.Constant(), rate, 100_000 * MILLISECOND + 1);
    RunContext context =
        new RunContext(
            "live",
            "sluice-load run --classes coding=0.2,chat=0.8",
            "host:1",
            "some-model",
            1,
            "0".repeat(64),
            new RunContext.TraceUse("trace.csv", "f".repeat(64), 10, 100, 10, 0));
    Histogram gaps = new Histogram(1_000, 3_600_000_000_000L, 3);
    gaps.recordValueWithCount(5 * MILLISECOND, 1_000);
    return new RunResult(
        context,
        new Machine(2, "25", "test"),
        schedule,
        schedule.requests().stream().map(results).toList(),
        Map.of("coding", gaps),
        client);
  }

  /** Answered in time: first token after 100 ms, then a token each 5 ms. */
  public static RequestResult completed(ScheduledRequest request) {
    return completed(request, 0, 100 * MILLISECOND);
  }

  /** Answered after this time, having been sent this late. */
  public static RequestResult completed(ScheduledRequest request, long lateNanos, long ttftNanos) {
    long sent = request.intendedNanos() + lateNanos;
    long last = sent + ttftNanos + (request.outputTokens() - 1) * 5L * MILLISECOND;
    boolean coding = request.serviceClass().name().equals("coding");
    return new RequestResult(
        request,
        Ending.COMPLETED,
        new Timeline(request.intendedNanos(), sent, sent + 1, sent + ttftNanos, last, last + 1),
        new TokenTally(3, request.outputTokens(), 0, 0, 0),
        new Placement(coding ? "lpu-1" : "gpu-1", coding ? "LPU" : "GPU"),
        new Forecast(
            90 * MILLISECOND, 5 * MILLISECOND, 0, 0.9, 120 * MILLISECOND, 5 * MILLISECOND - 1),
        new Account(ttftNanos, 5 * MILLISECOND, last - sent, true, 1, 0.001, 2, "backend"));
  }

  /** Turned away after a millisecond. */
  public static RequestResult refused(ScheduledRequest request) {
    long at = request.intendedNanos();
    return new RequestResult(
        request,
        new Ending(Outcome.REFUSED, "OVERLOADED"),
        new Timeline(at, at, Timeline.NEVER, Timeline.NEVER, Timeline.NEVER, at + MILLISECOND),
        TokenTally.NONE,
        Placement.NOWHERE,
        null,
        null);
  }

  static RequestResult notSent(ScheduledRequest request) {
    return new RequestResult(
        request,
        new Ending(Outcome.NOT_SENT, "IN_FLIGHT_BOUND"),
        Timeline.notSent(request.intendedNanos()),
        TokenTally.NONE,
        Placement.NOWHERE,
        null,
        null);
  }
}
