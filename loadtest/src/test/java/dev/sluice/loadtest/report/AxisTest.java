package dev.sluice.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class AxisTest {
  @Test
  void lengthsOfTimeAreToldInTheUnitThatFits() {
    assertThat(labels(Axis.time(100))).containsExactly("0 s", "50 s", "100 s");
    assertThat(labels(Axis.time(3_600))).containsExactly("0 min", "20 min", "40 min", "60 min");
    assertThat(labels(Axis.time(86_400))).containsExactly("0 h", "10 h", "20 h");
  }

  @Test
  void sharesBeginNearTheLowest() {
    assertThat(labels(Axis.sharesTo1(0.93)))
        .containsExactly("92 %", "94 %", "96 %", "98 %", "100 %");
    assertThat(labels(Axis.sharesTo1(0))).hasSize(6).contains("0 %", "20 %", "100 %");
  }

  @Test
  void decadesEncloseWhatIsShown() {
    Axis axis = Axis.decades(5e6, 2e9);
    assertThat(labels(axis)).containsExactly("1 ms", "10 ms", "100 ms", "1 s", "10 s");
    assertThat(axis.position(1e8)).isEqualTo(0.5);
  }

  @Test
  void anAmountEndsAtARoundNumber() {
    assertThat(labels(Axis.from0(7.3, ""))).containsExactly("0", "2", "4", "6", "8");
    assertThat(labels(Axis.from0(0, ""))).hasSizeGreaterThan(1);
  }

  @Test
  void whatLiesOutsideIsMovedToTheEdge() {
    Axis axis = Axis.from0(4, "");
    assertThat(axis.position(-1)).isZero();
    assertThat(axis.position(9)).isEqualTo(1);
  }

  private static List<String> labels(Axis axis) {
    return axis.ticks().stream().map(Axis.Tick::label).toList();
  }
}
