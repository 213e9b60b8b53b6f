package dev.sluice.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.report.ClientHealth;
import dev.sluice.loadtest.report.Ending;
import dev.sluice.loadtest.report.Machine;
import dev.sluice.loadtest.report.Outcome;
import dev.sluice.loadtest.report.Placement;
import dev.sluice.loadtest.report.RequestResult;
import dev.sluice.loadtest.report.RunContext;
import dev.sluice.loadtest.report.RunReport;
import dev.sluice.loadtest.report.RunResult;
import dev.sluice.loadtest.report.Timeline;
import dev.sluice.loadtest.report.TokenTally;
import dev.sluice.loadtest.workload.ArrivalProcess;
import dev.sluice.loadtest.workload.ClassMix;
import dev.sluice.loadtest.workload.Schedule;
import dev.sluice.loadtest.workload.ScheduleBuilder;
import dev.sluice.loadtest.workload.ScheduledRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ExitCodesTest {
  @Test
  void aRunWithoutARequirementPasses() {
    assertThat(ExitCodes.of(report(100, 0), 0)).isEqualTo(ExitCodes.PASSED);
  }

  @Test
  void aMissedRequirementIsTold() {
    assertThat(ExitCodes.of(report(1000, 0), 0.9)).isEqualTo(ExitCodes.SLO_MISSED);
  }

  @Test
  void anInvalidRunSaysNothingAboutTheRequirement() {
    assertThat(ExitCodes.of(report(100, 0.9), 0.9)).isEqualTo(ExitCodes.INVALID);
  }

  @Test
  void tooFewRequestsDecideNothing() {
    assertThat(report(100, 0).canDecide(0.99)).isFalse();
    assertThat(report(500, 0).canDecide(0.99)).isTrue();
  }

  /** A run whose requests were all broken by the target. */
  private static RunReport report(int requests, double cpuShare) {
    Schedule schedule =
        new ScheduleBuilder(ClassMix.parse("chat=1", Map.of()), 1)
            .synthetic(new ArrivalProcess.Constant(), 10, requests * 100_000_000L + 1);
    return new RunReport(
        new RunResult(
            new RunContext("live", "test", "host:1", "some-model", 1, "", null),
            new Machine(1, "25", "test"),
            schedule,
            schedule.requests().stream().map(ExitCodesTest::broken).toList(),
            Map.of(),
            new ClientHealth(List.of(), 0, cpuShare, 0, false)));
  }

  private static RequestResult broken(ScheduledRequest request) {
    long at = request.intendedNanos();
    return new RequestResult(
        request,
        new Ending(Outcome.BROKEN, "UNAVAILABLE"),
        new Timeline(at, at, Timeline.NEVER, Timeline.NEVER, Timeline.NEVER, at + 1),
        TokenTally.NONE,
        Placement.NOWHERE,
        null,
        null);
  }
}
