package dev.sluice.gateway.core.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class PacesTest {

  @Test
  void theGreatestIsKnownWhoeverComesAndGoes() {
    for (long seed = 0; seed < 100; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Double> kept = new ArrayList<>();
      Paces paces = Paces.NONE;
      for (int step = 0; step < 200; step++) {
        if (kept.isEmpty() || random.nextInt(5) < 3) {
          double pace = random.nextInt(1, 8) * 10.0;
          kept.add(pace);
          paces = paces.plus(pace);
        } else {
          paces = paces.minus(kept.remove(random.nextInt(kept.size())));
        }
        assertThat(paces.greatest()).isEqualTo(kept.stream().mapToDouble(x -> x).max().orElse(0));
      }
      for (double pace : kept) {
        paces = paces.minus(pace);
      }
      assertThat(paces).isEqualTo(Paces.NONE);
    }
  }

  @Test
  void whoAsksForNoPaceIsNotAmongThem() {
    assertThat(Paces.NONE.plus(0)).isSameAs(Paces.NONE);
    assertThat(Paces.NONE.minus(0)).isSameAs(Paces.NONE);
  }

  @Test
  void nobodyCanLeaveWhoIsNotThere() {
    assertThatThrownBy(() -> Paces.NONE.plus(10).minus(20))
        .hasMessage("pace: 20.0 tokens/s (expected: one of [10.0])");
  }
}
