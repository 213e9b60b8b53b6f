package dev.sluice.loadtest.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Constraints;
import dev.sluice.loadtest.workload.ArrivalProcess;
import dev.sluice.loadtest.workload.LengthDistribution;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SyntheticArrivalsTest {

  private static final LengthDistribution LENGTHS = new LengthDistribution(10, 100, 200, 300, 400);

  private static Traffic traffic(String serviceClass, double perSecond) {
    return new Traffic(
        new Demand("m", serviceClass, Budget.NONE, Constraints.NONE),
        perSecond,
        new ArrivalProcess.Poisson(),
        LENGTHS,
        LENGTHS);
  }

  private static List<Arrival> drawn(double scale, long seed, Traffic... traffic)
      throws IOException {
    SyntheticWorkload workload = new SyntheticWorkload("w", "", 1000, List.of(traffic));
    List<Arrival> arrivals = new ArrayList<>();
    try (ArrivalSource source = workload.arrivals(scale, seed)) {
      for (Arrival next = source.next(); next != null; next = source.next()) {
        arrivals.add(next);
      }
    }
    return arrivals;
  }

  @Test
  void arrivalsComeInOrderAtTheirRatesUntilTheEnd() throws IOException {
    List<Arrival> arrivals = drawn(2, 1, traffic("a", 3), traffic("b", 1));
    assertThat(arrivals).hasSizeBetween(7_600, 8_400);
    assertThat(arrivals).isSortedAccordingTo(java.util.Comparator.comparingLong(Arrival::atNanos));
    assertThat(arrivals.getLast().atNanos()).isLessThan(1000 * SimulationFixtures.SECOND);
    long ofA = arrivals.stream().filter(each -> each.demand().serviceClass().equals("a")).count();
    assertThat((double) ofA / arrivals.size()).isCloseTo(0.75, within(0.02));
    assertThat(arrivals).extracting(Arrival::promptTokens).allMatch(n -> n >= 10 && n <= 400);
  }

  @Test
  void equalSeedsGiveEqualRequestsAndOthersOthers() throws IOException {
    assertThat(drawn(1, 5, traffic("a", 1))).isEqualTo(drawn(1, 5, traffic("a", 1)));
    assertThat(drawn(1, 5, traffic("a", 1))).isNotEqualTo(drawn(1, 6, traffic("a", 1)));
  }

  @Test
  void oneKindMoreLeavesTheOthersAsTheyWere() throws IOException {
    List<Long> alone = drawn(1, 5, traffic("a", 1)).stream().map(Arrival::atNanos).toList();
    List<Long> together =
        drawn(1, 5, traffic("a", 1), traffic("b", 2)).stream()
            .filter(each -> each.demand().serviceClass().equals("a"))
            .map(Arrival::atNanos)
            .toList();
    assertThat(together).isEqualTo(alone);
  }
}
