package dev.sluice.gateway.core.fleet;

import static dev.sluice.gateway.core.CoreFixtures.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.gateway.core.CoreFixtures;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VendorSharesTest {

  private final VendorShares none = VendorShares.of(List.of(of("A"), of("B"), of("A")));

  private static Deployment of(String vendor) {
    Deployment gpu = CoreFixtures.gpu(0, "gpu");
    Deployment.Identity own = gpu.identity();
    return new Deployment(
        0,
        new Deployment.Identity(
            own.backend(), own.model(), own.kind(), own.region(), own.profile(), vendor),
        gpu.figures(),
        gpu.economics(),
        gpu.contextTokens());
  }

  @Test
  void aShareCountsTheAttemptThatWouldCome() {
    VendorShares shares = none;
    for (int i = 0; i < 99; i++) {
      shares = shares.with(i % 3 == 0 ? "A" : "B", 0);
    }
    assertThat(shares.shareWith("A", 0)).isCloseTo(34 / 100.0, within(1e-9));
    assertThat(shares.shareWith("B", 0)).isCloseTo(67 / 100.0, within(1e-9));
    assertThat(shares.shareWith("C", 0)).isCloseTo(1 / 100.0, within(1e-9));
  }

  @Test
  void fewAttemptsAreNoShareOfTheWhole() {
    assertThat(none.shareWith("A", 0)).isEqualTo(1 / 20.0);
    VendorShares shares = none;
    for (int i = 0; i < 9; i++) {
      shares = shares.with("A", 0);
    }
    assertThat(shares.shareWith("A", 0)).isEqualTo(10 / 20.0);
  }

  @Test
  void whatWasLongAgoFades() {
    VendorShares shares = none;
    for (int i = 0; i < 1000; i++) {
      shares = shares.with("A", 0);
    }
    assertThat(shares.shareWith("A", 60 * SECOND)).isCloseTo(1, within(1e-9));
    assertThat(shares.shareWith("A", 600 * SECOND)).isCloseTo(1 / 20.0, within(0.01));
    for (int i = 0; i < 1000; i++) {
      shares = shares.with("B", 60 * SECOND);
    }
    double faded = 1000 / Math.E;
    assertThat(shares.shareWith("A", 60 * SECOND))
        .isCloseTo((faded + 1) / (faded + 1001), within(1e-9));
  }
}
