package dev.sluice.backends.emulated.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whom an accelerator fails. */
final class ConductTest {

  private static final List<Misbehaviour> SILENT = List.of(new Misbehaviour.Silent());
  private static final int REQUESTS = 10_000;

  @Test
  void goodConductFailsNobodyAndAWholeShareEverybody() {
    assertThat(Conduct.GOOD.towards("r-1")).isEmpty();
    assertThat(new Conduct(SILENT, 1, 0).towards("r-1")).isEqualTo(SILENT);
    assertThat(new Conduct(SILENT, 1, 0).towards("")).isEqualTo(SILENT);
  }

  @Test
  void aShareIsThatShareOfIdsThatDifferInTheirLastCharactersOnly() {
    for (long seed : new long[] {0, 1, 9001, -1}) {
      assertThat(chosen(new Conduct(SILENT, 0.1, seed))).hasSizeBetween(880, 1_120);
    }
  }

  @Test
  void theSameSeedChoosesTheSameIdsAndAnotherSeedOthers() {
    List<String> first = chosen(new Conduct(SILENT, 0.1, 9001));
    assertThat(chosen(new Conduct(SILENT, 0.1, 9001))).isEqualTo(first);
    List<String> others = chosen(new Conduct(SILENT, 0.1, 9002));
    // independent choices of a tenth share a hundredth
    assertThat(others.stream().filter(first::contains).count()).isBetween(60L, 140L);
  }

  @Test
  void aShareOutOfRangeIsRefused() {
    for (double share : new double[] {0, -0.1, 1.1, Double.NaN}) {
      assertThatThrownBy(() -> new Conduct(SILENT, share, 0))
          .hasMessage("share: " + share + " (expected: above 0 to 1)");
    }
  }

  private static List<String> chosen(Conduct conduct) {
    return IntStream.range(0, REQUESTS)
        .mapToObj(i -> "load-" + i)
        .filter(id -> !conduct.towards(id).isEmpty())
        .toList();
  }
}
