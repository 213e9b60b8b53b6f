package dev.sluice.loadtest.simulate.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HostTest {

  private final Agenda agenda = new Agenda();
  private final Host host = new Host(agenda);
  private final List<String> happened = new ArrayList<>();

  private void at(long nanos, String what) {
    host.at(nanos, () -> happened.add(what + " at " + agenda.nowNanos()));
  }

  @Test
  void whatHappensDuringAPauseHappensAfterItInItsOrder() {
    at(1, "a");
    at(3, "b");
    at(4, "c");
    at(10, "d");
    agenda.at(2, () -> host.pauseUntil(10));
    agenda.playUntil(20);
    assertThat(happened).containsExactly("a at 1", "b at 10", "c at 10", "d at 10");
  }

  @Test
  void aPauseThatFollowsWhileTheBacklogIsWorkedOffHoldsUpTheRest() {
    agenda.at(1, () -> host.pauseUntil(5));
    host.at(2, () -> host.pauseUntil(9));
    at(3, "late");
    agenda.playUntil(20);
    assertThat(happened).containsExactly("late at 9");
  }

  @Test
  void whoIsWokenGoesOnAtOnce() {
    agenda.at(1, () -> host.pauseUntil(50));
    at(2, "b");
    agenda.at(3, host::wake);
    agenda.playUntil(60);
    assertThat(happened).containsExactly("b at 3");
  }
}
