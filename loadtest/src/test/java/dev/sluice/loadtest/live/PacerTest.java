package dev.sluice.loadtest.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.workload.ArrivalProcess;
import dev.sluice.loadtest.workload.ClassMix;
import dev.sluice.loadtest.workload.Schedule;
import dev.sluice.loadtest.workload.ScheduleBuilder;
import dev.sluice.loadtest.workload.ScheduledRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PacerTest {
  private static final long MILLISECOND = 1_000_000;

  private final Schedule schedule =
      new ScheduleBuilder(ClassMix.parse("chat=1", Map.of()), 1)
          .synthetic(new ArrivalProcess.Constant(), 100, 1_000 * MILLISECOND);

  @Test
  void everyRequestIsSentAtItsIntendedTime() {
    Recorder recorder = new Recorder(Integer.MAX_VALUE);
    new Pacer(recorder).run(schedule, 500, recorder);
    assertThat(recorder.sentNanos)
        .isEqualTo(
            schedule.requests().stream().map(request -> 500 + request.intendedNanos()).toList());
  }

  @Test
  void afterAHoldUpTheOverdueAreSentLateAndNoneIsLost() {
    Recorder recorder = new Recorder(20);
    new Pacer(recorder).run(schedule, 0, recorder);
    assertThat(recorder.sentNanos).hasSameSizeAs(schedule.requests());
    long heldUntil = schedule.requests().get(20).intendedNanos() + 55 * MILLISECOND;
    assertThat(recorder.sentNanos.subList(21, 26)).containsOnly(heldUntil);
    assertThat(recorder.sentNanos.get(26)).isEqualTo(schedule.requests().get(26).intendedNanos());
  }

  /** A clock turned by hand, and a line that holds the pacer up once for 55 ms. */
  private static final class Recorder implements NanoClock, Pacer.Line {
    private final List<Long> sentNanos = new ArrayList<>();
    private final int holdUpAt;
    private long nowNanos;

    Recorder(int holdUpAt) {
      this.holdUpAt = holdUpAt;
    }

    @Override
    public long nanoTime() {
      return nowNanos;
    }

    @Override
    public void awaitNanoTime(long instantNanos) {
      nowNanos = Math.max(nowNanos, instantNanos);
    }

    @Override
    public void prepare(ScheduledRequest request) {}

    @Override
    public void dispatch() {
      sentNanos.add(nowNanos);
      if (sentNanos.size() == holdUpAt + 1) {
        nowNanos += 55 * MILLISECOND;
      }
    }
  }
}
