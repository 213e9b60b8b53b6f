package dev.sluice.gateway.core.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.gateway.core.fleet.Track;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SpreadTest {

  private final Spread spread = new Spread();

  @Test
  void withoutAMissNothingIsBent() {
    assertThat(spread.bent(Track.prior()))
        .containsExactly(distribution(Track.prior()), within(1e-5f));
  }

  @Test
  void missesMoveTheUpperQuantilesAndLeaveTheMedian() {
    for (int i = 0; i < 10; i++) {
      spread.measured(1, Track.prior());
    }
    Track bent = Track.prior().with(spread.bent(Track.prior()));
    assertThat(bent.quantile(0.5, 0)).isCloseTo(Track.prior().quantile(0.5, 0), within(1e-3));
    assertThat(bent.quantile(0.9, 0))
        .isCloseTo(Track.prior().quantile(0.9, 0) + 0.09, within(0.01));
    assertThat(bent.quantile(0.99, 0))
        .isCloseTo(Track.prior().quantile(0.99, 0) + 0.099, within(0.03));
  }

  @Test
  void coverageHoldsForASequenceThatTheDistributionKnowsNothingOf() {
    SplittableRandom random = new SplittableRandom(3);
    Track said = Track.prior();
    int upper = 0;
    int rounds = 20_000;
    for (int i = 0; i < rounds; i++) {
      double lnRatio = 0.6 * random.nextDouble() + (i / 1_000 % 2 == 0 ? 0.2 : -0.2);
      upper += lnRatio <= said.quantile(0.9, 0) ? 1 : 0;
      spread.measured(lnRatio, said);
      said = Track.prior().with(spread.bent(Track.prior()));
    }
    assertThat(upper / (double) rounds).isCloseTo(0.9, within(0.005));
  }

  @Test
  void whateverIsMissedTheDistributionRisesFromZeroToOne() {
    SplittableRandom random = new SplittableRandom(4);
    for (int round = 0; round < 200; round++) {
      double direction = random.nextDouble() < 0.5 ? -1 : 1;
      for (int i = 0; i < random.nextInt(100); i++) {
        spread.measured(direction, Track.prior());
      }
      float[] bent = spread.bent(Track.prior());
      assertThat(bent).isSorted().startsWith(0f).endsWith(1f);
    }
  }

  private static float[] distribution(Track track) {
    float[] cumulative = new float[Track.BINS + 1];
    for (int edge = 0; edge < cumulative.length; edge++) {
      cumulative[edge] = (float) track.cumulative(edge);
    }
    return cumulative;
  }
}
