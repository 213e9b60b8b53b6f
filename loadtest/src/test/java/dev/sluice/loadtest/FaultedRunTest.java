package dev.sluice.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Real processes, a real gateway and real signals, in small. */
final class FaultedRunTest {

  @TempDir Path folder;
  private final StringWriter stdout = new StringWriter();
  private final StringWriter stderr = new StringWriter();

  @Test
  void aKillCutsStreamsAndTheThreeBooksStillAgree() throws Exception {
    Path plan = folder.resolve("plan.yaml");
    Files.writeString(
        plan,
        """
        accelerators:
          - {name: gpu-1, profile: h100-llama-3.1-8b, port: %d}
          - {name: gpu-2, profile: h100-llama-3.1-8b, port: %d}
        gateway: {grpc: '127.0.0.1:%d', admin: '127.0.0.1:%d', policy: round-robin}
        events:
          - {at: 2s, kill: gpu-1}
          - {at: 3s, freeze: gpu-2, for: 200ms}
        """
            .formatted(freePort(), freePort(), freePort(), freePort()));
    int code =
        execute(
            "run",
            "--faults",
            plan.toString(),
            "--model",
            "llama-3.1-8b",
            "--classes",
            "batch=1",
            "--rate",
            "10",
            "--duration",
            "4s",
            "--warmup",
            "1s",
            "--flag-pauses",
            "--out",
            folder.resolve("report").toString());
    assertThat(code).as(stderr.toString()).isIn(ExitCodes.PASSED, ExitCodes.INVALID);
    JsonNode report =
        JsonMapper.builder()
            .build()
            .readTree(Files.readString(folder.resolve("report/report.json")));
    JsonNode faults = report.at("/faults");
    assertThat(faults.at("/kills").asInt()).isEqualTo(1);
    assertThat(faults.at("/streams_cut").asInt()).isPositive();
    assertThat(faults.at("/events")).hasSize(2);
    assertThat(faults.at("/events/0/requests_hit").asInt()).isPositive();
    assertThat(faults.at("/requests_lost").asInt()).isEqualTo(report.at("/totals/errors").asInt());
    for (String damage : new String[] {"lost", "repeated", "reordered", "wrong"}) {
      assertThat(faults.at("/tokens/" + damage).asInt()).as(damage).isZero();
    }
    assertThat(faults.at("/truncated_as_success").asInt()).isZero();
    assertThat(report.at("/ledgers/differences")).isEmpty();
  }

  @Test
  void aPlanThatCannotBeReadIsAnErrorAndNoRun() throws Exception {
    Path plan = folder.resolve("plan.yaml");
    Files.writeString(plan, "accelerators: []\n");
    assertThat(
            execute(
                "run",
                "--faults",
                plan.toString(),
                "--classes",
                "batch=1",
                "--rate",
                "1",
                "--duration",
                "1s",
                "--out",
                folder.toString()))
        .isEqualTo(ExitCodes.ERROR);
    assertThat(stderr.toString()).contains(plan + ":1:15: accelerators: ");
  }

  @Test
  void withoutAPlanATargetMustBeNamed() {
    assertThat(execute("run", "--classes", "batch=1", "--out", folder.toString()))
        .isEqualTo(ExitCodes.ERROR);
    assertThat(stderr.toString()).contains("target: none (expected: --target or --faults)");
  }

  private int execute(String... arguments) {
    return LoadMain.execute(
        new PrintWriter(stdout, true), new PrintWriter(stderr, true), arguments);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
