package dev.sluice.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class HandoversTest {

  private static Handovers handovers(long within1, long within250, long all) {
    return new Handovers(
        new TreeMap<>(Map.of(0.001, within1, 0.25, within250, Double.POSITIVE_INFINITY, all)));
  }

  @Test
  void aQuantileIsTheBoundThatSoManyKept() {
    Handovers handovers = handovers(50, 99, 100);
    assertThat(handovers.count()).isEqualTo(100);
    assertThat(handovers.atMostSeconds(0.5)).isEqualTo(0.001);
    assertThat(handovers.atMostSeconds(0.99)).isEqualTo(0.25);
    assertThat(handovers.atMostSeconds(0.995)).isInfinite();
  }

  @Test
  void whatWasThereBeforeTheRunDoesNotCount() {
    assertThat(handovers(50, 99, 100).since(handovers(50, 50, 51))).isEqualTo(handovers(0, 49, 49));
    assertThat(handovers(1, 2, 3).since(Handovers.NONE)).isEqualTo(handovers(1, 2, 3));
  }
}
