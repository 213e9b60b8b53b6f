package dev.sluice.loadtest.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The rules by which a run judges itself: what is measured must be the target, not the client. */
final class Validity {
  private static final double MAX_RATE_DEVIATION = 0.01;
  private static final long MIN_PACING_LIMIT_NANOS = 1_000_000;
  private static final double PACING_SHARE_OF_TTFT = 0.01;
  private static final double MAX_CPU_SHARE = 0.8;

  /** Flagged requests can be looked at apart only while they are few. */
  private static final double MAX_FLAGGED_SHARE = 0.01;

  private final RunResult run;
  private final Slice all;
  private final List<String> causes = new ArrayList<>();

  private Validity(RunResult run, Slice all) {
    this.run = run;
    this.all = all;
  }

  static Verdict judge(RunResult run, Slice all) {
    Validity validity = new Validity(run, all);
    validity.judgeRate();
    validity.judgePacing();
    validity.judgePauses();
    validity.judgeCpu();
    validity.judgeCoverage();
    return new Verdict(validity.causes);
  }

  static LatencySample pacing(Slice all) {
    return LatencySample.of(all.results(), RequestResult::pacingErrorNanos);
  }

  private void judgeRate() {
    double intended = run.schedule().meanRate();
    double achieved = achievedRate(run);
    if (Math.abs(achieved - intended) > MAX_RATE_DEVIATION * intended) {
      cause(
          String.format(
              Locale.ROOT,
              "achieved rate %.3f req/s, intended %.3f (limit: 1 %% apart)",
              achieved,
              intended));
    }
  }

  /** Requests sent, over the horizon or, if sending went on after it, until the last was sent. */
  static double achievedRate(RunResult run) {
    long endNanos = run.schedule().horizonNanos();
    int sent = 0;
    for (RequestResult result : run.results()) {
      if (result.sent()) {
        sent++;
        endNanos = Math.max(endNanos, result.times().sentNanos());
      }
    }
    return sent / (endNanos / 1e9);
  }

  private void judgePacing() {
    long limitNanos = MIN_PACING_LIMIT_NANOS;
    if (all.ttftFromSent.orderStatistic(0.5) instanceof Quantile.Known(long nanos)) {
      limitNanos = Math.max(limitNanos, (long) (PACING_SHARE_OF_TTFT * nanos));
    }
    if (pacing(all).orderStatistic(0.99) instanceof Quantile.Known(long nanos)
        && nanos > limitNanos) {
      cause(
          String.format(
              Locale.ROOT,
              "pacing error p99 %.3f ms (limit: %.3f ms)",
              nanos / 1e6,
              limitNanos / 1e6));
    }
  }

  private void judgePauses() {
    ClientHealth client = run.client();
    if (client.pauses().isEmpty()) {
      return;
    }
    long longest =
        client.pauses().stream().mapToLong(ClientHealth.Pause::lengthNanos).max().orElse(0);
    if (!client.pausesFlagged()) {
      cause(
          String.format(
              Locale.ROOT,
              "client paused %d times over 10 ms, longest %.1f ms (limit: none)",
              client.pauses().size(),
              longest / 1e6));
      return;
    }
    double flagged = (double) flaggedRequests(run) / run.results().size();
    if (flagged > MAX_FLAGGED_SHARE) {
      cause(
          String.format(
              Locale.ROOT,
              "client pauses touched %.1f %% of the requests (limit: 1 %%)",
              100 * flagged));
    }
  }

  static int flaggedRequests(RunResult run) {
    return (int) run.results().stream().filter(run.client()::touched).count();
  }

  private void judgeCpu() {
    if (run.client().cpuShare() > MAX_CPU_SHARE) {
      cause(
          String.format(
              Locale.ROOT,
              "client used %.0f %% of the machine's CPU (limit: 80 %%)",
              100 * run.client().cpuShare()));
    }
  }

  private void judgeCoverage() {
    int scheduled = run.schedule().requests().size();
    if (run.results().size() < scheduled) {
      cause(
          String.format(
              Locale.ROOT,
              "trace coverage: %d of %d scheduled requests have a result (limit: all)",
              run.results().size(),
              scheduled));
    }
    RunContext.TraceUse trace = run.context().trace();
    if (trace != null && trace.dropped() > 0) {
      cause(
          String.format(
              Locale.ROOT,
              "trace coverage: %d of %d rows dropped (limit: none)",
              trace.dropped(),
              trace.read()));
    }
  }

  private void cause(String text) {
    causes.add(text);
  }
}
