package dev.sluice.backends.emulated.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backends.emulated.fault.Conduct;
import dev.sluice.backends.emulated.fault.MisbehaviourText;
import dev.sluice.backends.emulated.server.Misconduct.Treatment;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How a request is treated when it comes. */
final class MisconductTest {

  private final AtomicLong nowNanos = new AtomicLong(7);
  private final Misconduct misconduct = new Misconduct(Conduct.GOOD, nowNanos::get);

  @Test
  void untilItIsToldOtherwiseEverybodyIsServed() {
    assertThat(misconduct.of("r")).isInstanceOf(Treatment.Served.class);
    tell("silent");
    assertThat(misconduct.of("r")).isInstanceOf(Treatment.Ignored.class);
    assertThat(misconduct.tell(Conduct.GOOD).text()).isEqualTo("silent");
    assertThat(misconduct.of("r")).isInstanceOf(Treatment.Served.class);
  }

  @Test
  void aRefusalTellsWhenToComeBack() {
    tell("refuse=RESOURCE_EXHAUSTED/250ms");
    Treatment.Refused refused = (Treatment.Refused) misconduct.of("r");
    assertThat(refused.refusal().code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(refused.refusal().retryAfterNanos()).isEqualTo(250_000_000);
  }

  @Test
  void flappingRefusesForAPeriodAndServesForTheNext() {
    nowNanos.set(TimeUnit.HOURS.toNanos(3));
    tell("flap=2s");
    for (int period = 0; period < 4; period++) {
      Class<?> expected = period % 2 == 0 ? Treatment.Refused.class : Treatment.Failed.class;
      assertThat(misconduct.of("r")).isInstanceOf(expected);
      nowNanos.addAndGet(TimeUnit.SECONDS.toNanos(2) - 1);
      assertThat(misconduct.of("r")).isInstanceOf(expected);
      nowNanos.incrementAndGet();
    }
  }

  private void tell(String ways) {
    misconduct.tell(new Conduct(MisbehaviourText.parse(ways), 1, 0));
  }
}
