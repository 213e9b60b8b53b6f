package dev.sluice.backends.emulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EngineClockTest {

  private final HandTurnedClock time = new HandTurnedClock();
  private final EngineClock clock = time.engines;
  private final long start = time.nowNanos();
  private final List<String> ran = new ArrayList<>();

  @Test
  void membersRunInTheOrderOfTheirInstants() {
    member("slow", 30);
    member("quick", 20);
    time.advance(60);
    assertThat(ran)
        .containsExactly(
            "slow 0", "quick 0", "quick 20", "slow 30", "quick 40", "slow 60", "quick 60");
  }

  @Test
  void aMemberIsRunOnceHoweverLateItIs() {
    member("m", 10);
    time.settle();
    time.jump(95);
    assertThat(ran).containsExactly("m 0", "m 95");
  }

  @Test
  void theNextInstantIsTold() {
    member("m", 10);
    assertThat(time.settle()).isEqualTo(start + 10);
  }

  @Test
  void aMemberThatIsAlwaysDueDoesNotKeepOthersWaiting() {
    member("greedy", 0);
    member("other", 5);
    time.settle();
    assertThat(ran).containsExactly("greedy 0", "other 0");
    time.jump(5);
    assertThat(ran).endsWith("greedy 5", "other 5");
  }

  @Test
  void aMemberWithoutEventsSleepsUntilItsNextCommand() {
    EngineClock.Registration sleeper = member("sleeper", EngineClock.NEVER);
    time.advance(1_000);
    assertThat(time.settle()).isEqualTo(EngineClock.NEVER);
    sleeper.execute(() -> ran.add("command"));
    time.settle();
    assertThat(ran).containsExactly("sleeper 0", "command", "sleeper 1000");
  }

  @Test
  void aCommandGivenByACommandOrAMemberRunsToo() {
    EngineClock.Registration member = member("m", EngineClock.NEVER);
    member.execute(() -> member.execute(() -> ran.add("inner")));
    time.settle();
    assertThat(ran).startsWith("inner");
  }

  private EngineClock.Registration member(String name, long everyNanos) {
    EngineClock.Registration registration =
        clock.register(
            nowNanos -> {
              ran.add(name + " " + (nowNanos - start));
              return everyNanos == EngineClock.NEVER ? everyNanos : nowNanos + everyNanos;
            });
    registration.execute(() -> {});
    return registration;
  }
}
