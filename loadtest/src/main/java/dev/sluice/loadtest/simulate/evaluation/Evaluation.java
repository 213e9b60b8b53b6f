package dev.sluice.loadtest.simulate.evaluation;

import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.policy.Policies;
import dev.sluice.gateway.core.policy.RoutingPolicy;
import dev.sluice.loadtest.workload.Schedule;
import dev.sluice.loadtest.workload.Trace;
import dev.sluice.loadtest.workload.TraceRow;
import java.util.List;
import java.util.Locale;

/** Scores the gateway's forecasts, beside simpler ones, on a schedule and a fleet. */
public final class Evaluation {

  /** Header of {@link Result#scores}. */
  public static final String SCORES_HEADER = ScoreTable.SCORES_HEADER;

  /** Header of {@link Result#reliability}. */
  public static final String RELIABILITY_HEADER = ScoreTable.RELIABILITY_HEADER;

  /** Name of the rule that sends each request to anyone. */
  private static final String RANDOM = "random";

  private Evaluation() {}

  /**
   * What is tried.
   *
   * @param trace name of the trace
   * @param setting name of the fleet, one of {@link #settings}
   * @param router name of the rule that sends requests, {@code random} or a policy of the gateway
   * @param seed of all chance
   */
  public record Question(String trace, String setting, String router, long seed) {

    private RoutingPolicy policy() {
      return router.equals(RANDOM)
          ? (candidates, random) -> random.nextInt(candidates.size())
          : Policies.named(router);
    }
  }

  /**
   * What came out.
   *
   * @param text for people
   * @param scores lines of CSV
   * @param reliability lines of CSV: the points of the reliability diagrams
   */
  public record Result(String text, String scores, String reliability) {}

  /** Names of the fleets, each wrong about itself in another way. */
  public static List<String> settings() {
    return Setting.names();
  }

  /**
   * Answers {@code question} for {@code schedule}.
   *
   * @throws IllegalArgumentException if there is no such setting or router
   */
  public static Result run(Question question, Schedule schedule) {
    Setting setting = Setting.named(question.setting(), schedule.horizonNanos() / 2);
    Trial trial = new Trial(setting, schedule.requests(), question.policy(), question.seed());
    Scoreboard board = trial.run();
    String prefix = question.trace() + "," + question.setting();
    String head =
        String.format(
            Locale.ROOT,
            "%s on %s: %d requests, %.2f a second, sent by %s; %d too long for every backend%n",
            question.setting(),
            question.trace(),
            schedule.requests().size(),
            schedule.meanRate(),
            question.router(),
            trial.refused());
    return new Result(
        head + ScoreTable.text(board),
        ScoreTable.scores(prefix, board),
        ScoreTable.reliability(prefix, board));
  }

  /**
   * The rate at which the requests of {@code trace}, spread evenly over the fleet, take up the part
   * {@code load} of the time of its slowest backend, as far as its data sheet tells.
   */
  public static double rateAt(double load, Trace trace) {
    List<TrueBackend> backends = Setting.fleet();
    double mostNanos = 0;
    for (TrueBackend backend : backends) {
      Deployment deployment = Sheets.deployment(0, backend.believed().name(), backend.believed());
      double nanos = 0;
      for (TraceRow row : trace.rows()) {
        nanos += deployment.figures().engineNanos(row.inputTokens(), row.outputTokens());
      }
      mostNanos = Math.max(mostNanos, nanos / trace.rows().size());
    }
    return load * backends.size() / (mostNanos / 1e9);
  }
}
