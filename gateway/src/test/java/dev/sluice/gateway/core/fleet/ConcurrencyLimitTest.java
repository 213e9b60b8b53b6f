package dev.sluice.gateway.core.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.core.CoreFixtures;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ConcurrencyLimitTest {

  private static final long SECOND = 1_000_000_000L;

  private ConcurrencyLimit limit = ConcurrencyLimit.of(CoreFixtures.lpu(0, "lpu", 4).figures());

  /** Ten first tokens a second for so many seconds. */
  private void seconds(int count, double ratio, int inFlight) {
    for (int i = 0; i < 10 * count; i++) {
      nowNanos += SECOND / 10;
      limit = limit.firstToken(ratio, inFlight, nowNanos);
    }
  }

  private long nowNanos;

  @Test
  void itBeginsWithThePlacesAndASecondsWork() {
    Figures slots = CoreFixtures.lpu(0, "lpu", 4).figures();
    assertThat(limit.places()).isEqualTo((int) Math.ceil(4 + slots.capacityPerSecond()));
    assertThat(limit.limit()).isEqualTo(limit.places());
    assertThat(limit.isReached(limit.places() - 1)).isFalse();
    assertThat(limit.isReached(limit.places())).isTrue();
  }

  @Test
  void whoKeepsUpWhileMuchIsUnderWayIsGivenUpToTwiceAsMuch() {
    seconds(100, 1, limit.places());
    assertThat(limit.limit()).isEqualTo(2.0 * limit.places());
  }

  @Test
  void whoBecomesSlowerThanTwiceTheUsualIsGivenLessAndNeverNothing() {
    seconds(20, 1, 1);
    double before = limit.limit();
    seconds(60, 20, limit.places());
    assertThat(limit.limit()).isLessThan(before).isGreaterThanOrEqualTo(1);
    assertThat(limit.limit())
        .isBetween(0.9 * 2 * Math.sqrt(limit.places()), 1.1 * 2 * Math.sqrt(limit.places()));
  }

  @Test
  void whoRecoversIsGivenMoreAgain() {
    seconds(20, 1, 1);
    seconds(60, 20, limit.places());
    double low = limit.limit();
    seconds(60, 1, limit.places());
    assertThat(limit.limit()).isGreaterThan(1.5 * low);
  }

  @Test
  void slownessWhileHardlyAnythingIsUnderWaySaysNothingOfTheLimit() {
    seconds(20, 1, 1);
    double before = limit.limit();
    seconds(60, 20, 1);
    assertThat(limit.limit()).isEqualTo(before);
  }

  @Test
  void timesThatCannotBeAreNotCounted() {
    ConcurrencyLimit before = limit;
    for (double lie : new double[] {Double.NaN, -1, 0, Double.POSITIVE_INFINITY}) {
      assertThat(limit.firstToken(lie, 3, 1)).isSameAs(before);
    }
  }

  @Test
  void whateverComesItStaysWithinItsBounds() {
    for (int seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      limit = ConcurrencyLimit.of(CoreFixtures.lpu(0, "lpu", random.nextInt(1, 9)).figures());
      for (int i = 0; i < 500; i++) {
        nowNanos += random.nextLong(SECOND);
        // the constructor refuses what is out of bounds
        limit = limit.firstToken(StrictMath.exp(random.nextDouble(-9, 9)), 20, nowNanos);
      }
      assertThat(limit.limit()).isBetween(1.0, 2.0 * limit.places());
    }
  }

  @Test
  void whatCameDuringOurOwnPauseIsNotCounted() {
    FleetSnapshot fleet =
        FleetSnapshot.of(List.of(CoreFixtures.gpu(0, "gpu"))).after(new Observation.Tick(0));
    Work work = new Work(1000, 1000, 1, 1);
    fleet = fleet.after(new Observation.Dispatched(0, work, 0));
    FleetSnapshot slept = fleet.after(new Observation.FirstToken(0, work, 5 * SECOND, 5 * SECOND));
    assertThat(slept.get(0).limit().window().samples()).isZero();
    FleetSnapshot awake = fleet.after(new Observation.FirstToken(0, work, SECOND / 2, SECOND / 2));
    assertThat(awake.get(0).limit().window().samples()).isEqualTo(1);
  }
}
