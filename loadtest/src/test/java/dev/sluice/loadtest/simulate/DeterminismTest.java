package dev.sluice.loadtest.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.core.policy.Policies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Equal inputs give equal results, whatever ran before and in whichever process. */
final class DeterminismTest {

  @Test
  void whatRanBeforeDoesNotMatter() throws IOException {
    List<String> names = Policies.names();
    List<String> forwards = new ArrayList<>();
    for (String name : names) {
      forwards.add(SimulationDigest.of(name, 7));
    }
    List<String> backwards = new ArrayList<>();
    for (String name : names.reversed()) {
      backwards.addFirst(SimulationDigest.of(name, 7));
    }
    assertThat(forwards).isEqualTo(backwards);
  }

  @Test
  void anotherSeedIsAnotherRun() throws IOException {
    assertThat(SimulationDigest.of("power-of-two", 7))
        .isNotEqualTo(SimulationDigest.of("power-of-two", 8));
  }

  /** The order of {@code Map.of}, and of maps by identity, changes from one start to the next. */
  @Test
  void anotherProcessComesToTheSame() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SimulationDigest.class.getName(),
                "bid-price",
                "7")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).isZero();
    assertThat(printed).isEqualTo(SimulationDigest.of("bid-price", 7));
  }
}
