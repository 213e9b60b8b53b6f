package dev.sluice.loadtest.live.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.config.ConfigLoader;
import dev.sluice.loadtest.workload.ClassMix;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans as people write them. */
final class FaultPlanReaderTest {

  private static final long SECOND = 1_000_000_000L;
  private static final String ACCELERATORS =
      """
      accelerators:
        - {name: a, profile: h100-llama-3.1-8b, port: 9101, speed: 4, misbehave: die-after=20, share: 0.1, revive: 500ms}
        - {name: b, profile: groq-lpu-llama-3.1-8b, port: 9102}
      """;

  @Test
  void everyKindOfFaultIsReadInTheOrderOfTime() throws Exception {
    FaultPlan plan =
        FaultPlanReader.parse(
            "plan.yaml",
            ACCELERATORS
                + """
                gateway: {grpc: 127.0.0.1:7000, admin: 127.0.0.1:7001, policy: round-robin}
                events:
                  - {at: 20s, slow: b, factor: 4}
                  - {at: 10s, kill: a, restart_after: 2s}
                  - {at: 30s, drain: a}
                  - {at: 40s, freeze: a, for: 5s}
                  - {at: 50s, misbehave: b, behaviour: stall-after=5, share: 0.5, for: 3s}
                """);
    assertThat(plan.events())
        .containsExactly(
            new FaultEvent.Kill(10 * SECOND, "a", 2 * SECOND),
            new FaultEvent.Misbehave(20 * SECOND, "b", "slow", "slow=4.0", 1, 0),
            new FaultEvent.Drain(30 * SECOND, "a", 0),
            new FaultEvent.Freeze(40 * SECOND, "a", 5 * SECOND),
            new FaultEvent.Misbehave(
                50 * SECOND, "b", "misbehave", "stall-after=5", 0.5, 3 * SECOND));
    assertThat(plan.gateway())
        .isEqualTo(new FaultPlan.Gateway("127.0.0.1:7000", "127.0.0.1:7001", "round-robin"));
    FaultPlan.PlannedAccelerator first = plan.accelerators().getFirst();
    assertThat(first.behaviour()).isEqualTo("die-after=20");
    assertThat(first.reviveNanos()).isEqualTo(SECOND / 2);
    assertThat(first.speed()).isEqualTo(4);
  }

  @Test
  void anEventCanBeRepeated() throws Exception {
    FaultPlan plan =
        FaultPlanReader.parse(
            "plan.yaml",
            ACCELERATORS + "events: [{at: 1s, kill: a, every: 2s, until: 6s, restart_after: 1s}]");
    assertThat(plan.events().stream().map(FaultEvent::atNanos))
        .containsExactly(SECOND, 3 * SECOND, 5 * SECOND);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "events: [{at: 1s, kill: c}]|4:25: events[0].kill: c (expected: one of a, b)",
        "events: [{at: soon, kill: a}]|4:15: events[0].at: soon (expected: a length of time",
        "events: [{kill: a}]|4:10: events[0].at: none (expected: a value)",
        "events: [{at: 1s}]|4:10: events[0]: expected exactly one of kill, drain, freeze, slow",
        "events: [{at: 1s, kill: a, drain: b}]|4:10: events[0]: expected exactly one of",
        "events: [{at: 1s, freeze: a}]|4:10: events[0].for: none (expected: a value)",
        "events: [{at: 1s, slow: a, factor: 1}]|4:36: events[0].factor: 1 (expected: a number above"
            + " 1",
        "events: [{at: 1s, kill: a, restart: 1s}]|4:28: events[0].restart: no such key",
        "events: [{at: 1s, misbehave: a, behaviour: dye}]|4:44: events[0].behaviour: dye (expected:"
            + " misb",
        "events: 3|4:9: events: 3 (expected: a list)",
        "event: []|4:1: event: no such key",
        "'events: [{at: 1s, kill: a, kill: b}]'|4:28: events[0].kill: twice (expected: once)",
        "'events: ['|5:1: not YAML: ",
      })
  void everyMistakeIsToldWithItsPlace(String events, String message) {
    assertThatThrownBy(() -> FaultPlanReader.parse("plan.yaml", ACCELERATORS + events + "\n"))
        .isInstanceOf(PlanException.class)
        .hasMessageStartingWith("plan.yaml:")
        .hasMessageContaining(message.substring(0, Math.min(message.length(), 60)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|1:1: empty",
        "accelerators: []|1:15: accelerators: ? (expected: at least one)",
        "accelerators: [{name: a, profile: h100, port: 1}]|1:35: accelerators[0].profile: h100"
            + " (expected: a profile",
        "accelerators: [{name: a b, profile: h100-llama-3.1-8b, port: 1}]|1:23:"
            + " accelerators[0].name: a b",
        "accelerators: [{name: a, profile: h100-llama-3.1-8b, port: 70000}]|1:60:"
            + " accelerators[0].port: 70000",
      })
  void mistakesInTheFleetToo(String text, String message) {
    assertThatThrownBy(() -> FaultPlanReader.parse("plan.yaml", text))
        .isInstanceOf(PlanException.class)
        .hasMessageStartingWith("plan.yaml:" + message);
  }

  @Test
  void theShippedPlansAreGoodAndSoAreTheConfigurationsMadeOfThem() throws Exception {
    int plans = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("faults"), "*.yaml")) {
      for (Path file : files) {
        FaultPlan plan = FaultPlanReader.read(file);
        String config =
            GatewayProcess.config(
                plan, ClassMix.parse("interactive=0.5,batch=0.5", Map.of()).classes());
        assertThat(ConfigLoader.read("gateway.yaml", config))
            .isInstanceOf(ConfigLoader.Loaded.class);
        plans++;
      }
    }
    assertThat(plans).isPositive();
  }
}
