package dev.sluice.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IntervalsTest {
  /** Critical values of NIST/SEMATECH's table, and z for many degrees. */
  @ParameterizedTest
  @CsvSource({
    "0.025, 1, 12.706",
    "0.025, 2, 4.303",
    "0.025, 4, 2.776",
    "0.025, 19, 2.093",
    "0.025, 100, 1.984",
    "0.025, 1000000, 1.960",
    "0.001, 9, 4.297",
    "0.05, 30, 1.697",
    "0.1, 3, 1.638"
  })
  void studentsCriticalValuesAreThoseOfTheTable(double tail, double degrees, double value) {
    assertThat(StudentT.exceededWith(tail, degrees)).isCloseTo(value, within(0.0006));
    assertThat(StudentT.tail(StudentT.exceededWith(tail, degrees), degrees))
        .isCloseTo(tail, within(1e-9));
  }

  /** Newcombe, Statistics in Medicine 17 (1998), table I, method 3. */
  @ParameterizedTest
  @CsvSource({
    "81, 263, 0.2553, 0.3662",
    "15, 148, 0.0624, 0.1605",
    "0, 20, 0.0000, 0.1611",
    "1, 29, 0.0061, 0.1718"
  })
  void wilsonsIntervalIsThatOfNewcombesTable(long met, long all, double low, double high) {
    Interval interval = Intervals.wilson(Intervals.TAIL, met, all);
    assertThat(interval.low()).isCloseTo(low, within(0.0001));
    assertThat(interval.high()).isCloseTo(high, within(0.0001));
  }

  @Test
  void theIntervalOfAMeanIsStudents() {
    // s = 1, so t(0.025; 3) · 1 ÷ √4
    double[] values = {
      10 - 1.5 / Math.sqrt(5 / 3.0),
      10 - 0.5 / Math.sqrt(5 / 3.0),
      10 + 0.5 / Math.sqrt(5 / 3.0),
      10 + 1.5 / Math.sqrt(5 / 3.0)
    };
    assertThat(Intervals.halfWidthOfMean(Intervals.TAIL, values))
        .isCloseTo(3.1824 / 2, within(1e-4));
    assertThat(Intervals.halfWidthOfMean(Intervals.TAIL, new double[] {4})).isZero();
  }

  @Test
  void correlationBetweenNeighboursWidensTheInterval() {
    double[] alternating = new double[Intervals.BATCHES];
    double[] clustered = new double[Intervals.BATCHES];
    for (int batch = 0; batch < Intervals.BATCHES; batch++) {
      alternating[batch] = batch % 4 < 2 ? (batch % 2 == 0 ? 1 : -1) : (batch % 2 == 0 ? -1 : 1);
      clustered[batch] = batch < Intervals.BATCHES / 2 ? 1 : -1;
    }
    assertThat(Intervals.halfWidthOfBatches(Intervals.TAIL, clustered))
        .isGreaterThan(2 * Intervals.halfWidthOfBatches(Intervals.TAIL, alternating));
  }

  @Test
  void whatNeverVariesHasNoWidth() {
    double[] constant = new double[Intervals.BATCHES];
    assertThat(Intervals.halfWidthOfBatches(Intervals.TAIL, constant, constant)).isZero();
  }

  @Test
  void deviationsWeighBatchesByTheirCounts() {
    double[] deviations = Intervals.deviations(new double[] {9, 0}, new double[] {90, 10});
    assertThat(deviations[0]).isCloseTo(0.018, within(1e-12));
    assertThat(deviations[1]).isCloseTo(-0.018, within(1e-12));
  }

  @Test
  void slicesAreJoinedToBatchesOrNotAtAll() {
    double[] slices = new double[61];
    Arrays.fill(slices, 1);
    double[] batches = Intervals.inBatches(slices);
    assertThat(batches).hasSize(Intervals.BATCHES).contains(3, 4);
    assertThat(Arrays.stream(batches).sum()).isEqualTo(61);
    assertThat(Intervals.inBatches(new double[19])).isEmpty();
  }
}
