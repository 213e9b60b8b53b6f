package dev.sluice.loadtest.report;

import static dev.sluice.loadtest.report.ReportFixtures.MILLISECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.report.ClientHealth.Pause;
import dev.sluice.loadtest.workload.ScheduledRequest;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class ValidityTest {
  @Test
  void aCleanRunIsValid() {
    assertThat(judge(ClientHealth.PERFECT, ReportFixtures::completed).valid()).isTrue();
  }

  @Test
  void aPausedClientMakesTheRunInvalid() {
    Verdict verdict = judge(paused(false), ReportFixtures::completed);
    assertThat(verdict).hasToString("INVALID");
    assertThat(verdict.causes())
        .containsExactly("client paused 1 times over 10 ms, longest 30.0 ms (limit: none)");
  }

  @Test
  void pausesAreForgivenWhereTheFewRequestsTheyTouchedAreFlagged() {
    assertThat(judge(paused(true), ReportFixtures::completed).valid()).isTrue();
    RunResult run = ReportFixtures.run(10, paused(true), ReportFixtures::completed);
    assertThat(Validity.flaggedRequests(run)).isPositive();
  }

  @Test
  void aBusyClientMakesTheRunInvalid() {
    ClientHealth busy = new ClientHealth(List.of(), 0, 0.81, 0, false);
    assertThat(judge(busy, ReportFixtures::completed).causes())
        .containsExactly("client used 81 % of the machine's CPU (limit: 80 %)");
  }

  @Test
  void requestsSentLateMakeTheRunInvalid() {
    Verdict verdict =
        judge(
            ClientHealth.PERFECT,
            request -> ReportFixtures.completed(request, 2 * MILLISECOND, 100 * MILLISECOND));
    assertThat(verdict.causes()).containsExactly("pacing error p99 2.000 ms (limit: 1.000 ms)");
  }

  @Test
  void requestsNotSentMakeTheRunInvalid() {
    Verdict verdict =
        judge(
            ClientHealth.PERFECT,
            request ->
                request.index() % 20 == 0
                    ? ReportFixtures.notSent(request)
                    : ReportFixtures.completed(request));
    assertThat(verdict.causes()).singleElement().asString().startsWith("achieved rate 9.5");
  }

  @Test
  void aRunWithoutAllItsResultsIsInvalid() {
    RunResult run = ReportFixtures.run(10, ClientHealth.PERFECT, ReportFixtures::completed);
    RunResult cut =
        new RunResult(
            run.context(),
            run.machine(),
            run.schedule(),
            run.results().subList(0, 998),
            run.tokenGaps(),
            run.client());
    assertThat(new RunReport(cut).verdict().causes())
        .containsExactly(
            "trace coverage: 998 of 1000 scheduled requests have a result (limit: all)");
  }

  private static ClientHealth paused(boolean flagged) {
    Pause pause = new Pause(50_000 * MILLISECOND, 30 * MILLISECOND);
    return new ClientHealth(List.of(pause), pause.lengthNanos(), 0.1, 30, flagged);
  }

  private static Verdict judge(
      ClientHealth client, Function<ScheduledRequest, RequestResult> results) {
    return new RunReport(ReportFixtures.run(10, client, results)).verdict();
  }
}
