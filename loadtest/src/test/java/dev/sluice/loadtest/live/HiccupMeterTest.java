package dev.sluice.loadtest.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.report.ClientHealth.Pause;
import org.junit.jupiter.api.Test;

final class HiccupMeterTest {
  private static final long MILLISECOND = 1_000_000;

  private final HiccupMeter meter = new HiccupMeter();

  @Test
  void aNapThatEndsALittleLateIsAHiccupAndNoPause() {
    meter.napped(0, 9 * MILLISECOND);
    assertThat(meter.pauses()).isEmpty();
    assertThat(meter.longestNanos()).isEqualTo(8 * MILLISECOND);
  }

  @Test
  void aNapThatEndsMuchTooLateIsAPause() {
    meter.napped(100 * MILLISECOND, 131 * MILLISECOND);
    assertThat(meter.pauses()).containsExactly(new Pause(101 * MILLISECOND, 30 * MILLISECOND));
  }
}
