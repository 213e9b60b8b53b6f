package dev.sluice.gateway.core.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OverloadTest {

  @ParameterizedTest
  @CsvSource({
    "0.99, 0, 0, 0, SPENT",
    "0, 0.99, 0, 0, SPENT",
    "0, 0, 0.99, 0, SPENT",
    "0, 0, 0, 0.99, SCARCE",
    "0, 0, 0, 7, SCARCE",
    "0.86, 0, 0.91, 0, SHORT",
    "0.86, 0, 0, 0.91, SHORT",
    "0.84, 0.84, 0.84, 0.84, CALM"
  })
  void theScarcestMeansDecideAndLagAloneNeverClosesTheGate(
      double heap, double direct, double descriptors, double lag, OverloadLevel level) {
    assertThat(Overload.NONE.next(new Means(heap, direct, descriptors, lag)).level())
        .isEqualTo(level);
  }

  @Test
  void aLevelIsLeftOnlyWhenThreeInAHundredLessOfEachMeansAreInUse() {
    Overload overload = Overload.NONE.next(new Means(0.99, 0, 0, 0));
    assertThat(overload.next(new Means(0.96, 0, 0, 0)).level()).isEqualTo(OverloadLevel.SPENT);
    assertThat(overload.next(new Means(0.94, 0, 0, 0.99)).level()).isEqualTo(OverloadLevel.SCARCE);
    assertThat(overload.next(new Means(0.94, 0, 0.96, 0)).level()).isEqualTo(OverloadLevel.SPENT);
    assertThat(overload.next(Means.NOTHING).level()).isEqualTo(OverloadLevel.CALM);
  }

  @Test
  void anAnswerIsBrokenOffForMemoryOnlyAndOnceForEachReading() {
    assertThat(Overload.NONE.next(new Means(0, 0, 0.99, 9)).breaksOff()).isFalse();
    Overload first = Overload.NONE.next(new Means(0, 0.98, 0, 0));
    assertThat(first.breaksOff()).isTrue();
    assertThat(first.next(new Means(0, 0.98, 0, 0)).breaksOff()).isFalse();
    assertThat(first.next(new Means(0, 0.99, 0, 0)).breaksOff()).isTrue();
    assertThat(first.next(new Means(0, 0.97, 0, 0)).breaksOff()).as("left alone").isFalse();
  }

  @Test
  void aShareIsANumberFromZero() {
    for (double share : List.of(Double.NaN, -0.1)) {
      assertThatThrownBy(() -> new Means(0, 0, share, 0))
          .hasMessage("descriptors: " + share + " (expected: >= 0)");
    }
  }

  @Test
  void eachLevelBearsLessIdlenessAndTheLastTakesNoConnection() {
    double before = 1;
    for (OverloadLevel level : OverloadLevel.values()) {
      assertThat(level.idleShare()).isLessThanOrEqualTo(before);
      before = level.idleShare();
      assertThat(level.allowsConnections()).isEqualTo(level != OverloadLevel.SPENT);
    }
  }
}
