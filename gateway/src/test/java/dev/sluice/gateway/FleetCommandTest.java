package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** What {@code sluice fleet} shows of a running gateway. */
@Timeout(60)
final class FleetCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aFleetIsATableOfItsBackends() throws Exception {
    try (GatewayFixtures world = new GatewayFixtures()) {
      assertThat(run("127.0.0.1:" + world.gateway.adminPort())).isZero();
    }
    assertThat(out.toString().lines())
        .containsExactly(
            "BACKEND  MODEL          KIND  REGION  HEALTH  PREFILL  DECODE  PROMPT TOKENS  SERVED"
                + "  PROFILE",
            "slow     llama-3.3-70b  GPU   eu      up            0       0              0       0"
                + "  test-GPU",
            "fast     llama-3.3-70b  LPU   eu      up            0       0              0       0"
                + "  test-LPU");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void whereNoGatewayAnswersSaysSo() {
    assertThat(run("127.0.0.1:1")).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly("no gateway answers at 127.0.0.1:1 (see sluice serve)");
    assertThat(out.toString()).isEmpty();
  }

  private int run(String admin) {
    return new CommandLine(new FleetCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute("--admin", admin);
  }
}
