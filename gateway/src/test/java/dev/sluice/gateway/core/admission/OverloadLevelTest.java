package dev.sluice.gateway.core.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.core.request.Criticality;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OverloadLevelTest {

  @ParameterizedTest
  @CsvSource({
    "0, CALM",
    "0.849, CALM",
    "0.85, TIGHT",
    "0.9, SHORT",
    "0.95, SCARCE",
    "0.98, SPENT",
    "1, SPENT"
  })
  void aReadingLeadsToALevelAtOnce(double share, OverloadLevel level) {
    assertThat(OverloadLevel.CALM.next(share)).isEqualTo(level);
  }

  @Test
  void aLevelIsLeftOnlyWhenThreeInAHundredLessAreInUse() {
    OverloadLevel level = OverloadLevel.CALM;
    List<String> levels = new ArrayList<>();
    for (double share : new double[] {0.91, 0.88, 0.865, 0.83, 0.819, 0.84}) {
      level = level.next(share);
      levels.add(level.name());
    }
    assertThat(levels).containsExactly("SHORT", "SHORT", "TIGHT", "TIGHT", "CALM", "CALM");
  }

  @Test
  void readingsAroundAnEdgeChangeTheLevelOnce() {
    OverloadLevel level = OverloadLevel.CALM;
    int changes = 0;
    for (int i = 0; i < 1000; i++) {
      OverloadLevel next = level.next(0.9 + (i % 2 == 0 ? 0.01 : -0.01));
      changes += next == level ? 0 : 1;
      level = next;
    }
    assertThat(changes).isEqualTo(1);
  }

  @Test
  void aReadingThatIsNoNumberTellsNothing() {
    assertThat(OverloadLevel.SCARCE.next(Double.NaN)).isEqualTo(OverloadLevel.SCARCE);
    assertThat(OverloadLevel.CALM.next(Double.NaN)).isEqualTo(OverloadLevel.CALM);
  }

  @Test
  void eachLevelGoesWithoutMoreThanTheOneBefore() {
    List<String> told = new ArrayList<>();
    for (OverloadLevel level : OverloadLevel.values()) {
      StringBuilder text = new StringBuilder(level.name());
      text.append(level.allowsHedges() ? " hedges" : "");
      text.append(level.allowsRetries() ? " retries" : "");
      for (Criticality criticality : Criticality.values()) {
        text.append(level.fullness() < criticality.admittedBelow() ? " " + criticality : "");
      }
      told.add(text.toString());
    }
    assertThat(told)
        .containsExactly(
            "CALM hedges retries CRITICAL_PLUS CRITICAL SHEDDABLE_PLUS SHEDDABLE",
            "TIGHT retries CRITICAL_PLUS CRITICAL SHEDDABLE_PLUS SHEDDABLE",
            "SHORT CRITICAL_PLUS CRITICAL SHEDDABLE_PLUS",
            "SCARCE CRITICAL_PLUS",
            "SPENT");
  }
}
