package dev.sluice.gateway.core.prediction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

final class AwaitedTest {

  private final Awaited awaited = new Awaited();
  private final LearnerFixtures backend = new LearnerFixtures(1);

  @Test
  void whoIsDueFirstIsOverdueFirst() {
    Prediction late = backend.predict();
    Prediction soon = backend.predict();
    awaited.add(late, 0, 200);
    awaited.add(soon, 0, 100);
    assertThat(awaited.overdue(99)).isNull();
    assertThat(overdue(100).prediction).isSameAs(soon);
    awaited.remove(soon);
    assertThat(overdue(200).prediction).isSameAs(late);
  }

  @Test
  void twoPredictionsThatAreEqualAreTwo() {
    Prediction one = backend.predict();
    Prediction other =
        new Prediction(
            one.deployment(),
            one.queued(),
            one.saturated(),
            one.firstToken(),
            one.perToken(),
            one.forecast(),
            one.lengthKey());
    awaited.add(one, 0, 1);
    awaited.add(other, 0, 1);
    assertThat(awaited.size()).isEqualTo(2);
    assertThat(awaited.remove(other)).isNotNull();
    assertThat(awaited.remove(other)).isNull();
    assertThat(awaited.size()).isEqualTo(1);
  }

  @Test
  void whoIsSentTwiceIsKeptOnce() {
    Prediction prediction = backend.predict();
    awaited.add(prediction, 0, 1);
    awaited.add(prediction, 5, 10);
    assertThat(awaited.size()).isEqualTo(1);
    assertThat(awaited.overdue(9)).isNull();
  }

  @Test
  void whoNeedsNoFurtherLookIsNeverOverdue() {
    awaited.add(backend.predict(), 0, 1);
    awaited.again(overdue(1), Awaited.NEVER);
    assertThat(awaited.overdue(Long.MAX_VALUE)).isNull();
  }

  @Test
  void beyondTheMostThoseDueLastAreForgotten() {
    for (int i = 0; i < Awaited.MOST + 10; i++) {
      awaited.add(backend.predict(), 0, i);
    }
    assertThat(awaited.size()).isEqualTo(Awaited.MOST);
    assertThat(overdue(Long.MAX_VALUE).sentNanos).isZero();
  }

  private Awaited.Entry overdue(long nowNanos) {
    return Objects.requireNonNull(awaited.overdue(nowNanos));
  }
}
