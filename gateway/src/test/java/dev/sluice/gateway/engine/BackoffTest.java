package dev.sluice.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How long an engine is left ended. */
final class BackoffTest {

  @Test
  void anEngineThatNeverRunsLongIsLeftEndedTwiceAsLongEachTimeUpToAMinute() {
    Backoff backoff = Backoff.initial();
    List<Long> seconds = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      backoff = backoff.after(TimeUnit.SECONDS.toNanos(59));
      seconds.add(TimeUnit.NANOSECONDS.toSeconds(backoff.nanos()));
    }
    assertThat(seconds).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
  }

  @Test
  void anEngineThatRanForAMinuteIsStartedAgainSoon() {
    Backoff backoff = Backoff.initial().after(0).after(0).after(0);
    assertThat(backoff.after(TimeUnit.SECONDS.toNanos(60))).isEqualTo(Backoff.initial().after(0));
  }
}
