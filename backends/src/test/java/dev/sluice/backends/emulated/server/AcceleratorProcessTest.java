package dev.sluice.backends.emulated.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.backends.Prompt;
import dev.sluice.backends.emulated.EmulatedText;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.GenerateResponse;
import dev.sluice.v1.Hints;
import dev.sluice.v1.InferenceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An accelerator as a process of its own, which dies as it was told. */
final class AcceleratorProcessTest {

  private static final Pattern READY = Pattern.compile("ready on 127\\.0\\.0\\.1:(\\d+)");
  private static final int SIGKILLED = 128 + 9;

  @TempDir Path folder;

  @Test
  void itDiesByItsOwnHandAfterExactlySoManyTokensAndLeavesItsBooks() throws Exception {
    Path ledger = folder.resolve("ledger");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.sluice.backends.emulated.AcceleratorMain",
                "serve",
                "--profile",
                "h100x4-llama-3.3-70b",
                "--port",
                "0",
                "--misbehave",
                "die-after=5",
                "--ledger",
                ledger.toString())
            .redirectErrorStream(true)
            .start();
    try {
      dies(process);
    } finally {
      process.destroyForcibly();
    }
    List<String> books = Files.readAllLines(ledger);
    assertThat(books.getFirst()).isEqualTo("0 begin " + process.pid() + " 0 0");
    assertThat(books.get(1)).isEqualTo("1 open r-1 0 0");
    assertThat(books.subList(2, books.size()))
        .containsExactly(
            "1 sends r-1 0 1",
            "1 sends r-1 1 1",
            "1 sends r-1 2 1",
            "1 sends r-1 3 1",
            "1 sends r-1 4 1");
  }

  private static void dies(Process process) throws Exception {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port(process)).usePlaintext().build();
    try {
      Iterator<GenerateResponse> answer =
          InferenceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(30, TimeUnit.SECONDS)
              .generate(
                  GenerateRequest.newBuilder()
                      .setModel("llama-3.3-70b")
                      .setText("hello")
                      .setRequestId("r-1")
                      .setHints(Hints.newBuilder().setExpectedOutputTokens(50))
                      .build());
      assertThat(answer.next().hasAdmitted()).isTrue();
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 5; i++) {
        text.append(answer.next().getTokens().getText());
      }
      assertThat(text)
          .hasToString(EmulatedText.of("llama-3.3-70b", new Prompt.Text("hello"), null).text(0, 5));
      assertThatThrownBy(answer::next)
          .satisfies(
              thrown ->
                  assertThat(Status.fromThrowable(thrown).getCode())
                      .isEqualTo(Status.Code.UNAVAILABLE));
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(SIGKILLED);
    } finally {
      channel.shutdownNow();
    }
  }

  private static int port(Process process) throws Exception {
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher matcher = READY.matcher(line);
      if (matcher.find()) {
        return Integer.parseInt(matcher.group(1));
      }
    }
    throw new AssertionError("the accelerator ended before it was ready");
  }
}
