package dev.sluice.loadtest.simulate.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.PublishedTraces;
import dev.sluice.loadtest.workload.ClassMix;
import dev.sluice.loadtest.workload.Schedule;
import dev.sluice.loadtest.workload.ScheduleBuilder;
import dev.sluice.loadtest.workload.Trace;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("thorough")
final class PublishedTraceForecastTest {

  @Test
  void theGoalsHoldOnTheConversationTrace() throws IOException {
    PublishedTraces.assumePresent();
    Trace trace = Trace.read(PublishedTraces.file("azure-llm-2023-conv-first40min.csv"), 1);
    Schedule schedule =
        new ScheduleBuilder(ClassMix.parse("interactive=1", Map.of()), 1)
            .fromTrace(
                trace, OptionalDouble.of(Evaluation.rateAt(0.5, trace)), OptionalLong.empty());
    Setting pilot = Setting.named(Setting.PILOT, schedule.horizonNanos() / 2);
    Scoreboard board =
        new Trial(
                pilot,
                schedule.requests(),
                (candidates, random) -> random.nextInt(candidates.size()),
                1)
            .run();
    Score learned = board.all(Rivals.LEARNED, Quantity.FIRST_TOKEN);
    assertThat(learned.medianError()).isLessThanOrEqualTo(0.06);
    assertThat(learned.upperCoverage()).isBetween(0.89, 0.91);
    assertThat(learned.upmostCoverage()).isBetween(0.987, 0.993);
    assertThat(learned.brier()).isLessThanOrEqualTo(0.012);
    assertThat(learned.calibrationError()).isLessThanOrEqualTo(0.007);
  }
}
