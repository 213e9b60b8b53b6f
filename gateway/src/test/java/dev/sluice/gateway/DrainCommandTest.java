package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.GenerateResponse;
import dev.sluice.v1.InferenceGrpc;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Iterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** What {@code sluice drain} and {@code sluice undrain} do to a running gateway. */
@Timeout(60)
final class DrainCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aDrainedBackendFinishesWhatItRunsAndGetsNothingNewUntilItIsUndrained() throws Exception {
    try (GatewayFixtures world = new GatewayFixtures()) {
      Iterator<GenerateResponse> running = call(world);
      FakeBackend.Call first = world.slow.next();
      assertThat(run(new DrainCommand(), world, "slow")).isZero();
      assertThat(out.toString()).isEqualTo("slow: draining, 1 requests under way\n");
      Iterator<GenerateResponse> next = call(world);
      world.fast.next().answer(1);
      next.forEachRemaining(_ -> {});
      first.answer(2);
      running.forEachRemaining(_ -> {});
      assertThat(run(new UndrainCommand(), world, "slow")).isZero();
      assertThat(out.toString()).endsWith("slow: up\n");
      Iterator<GenerateResponse> back = call(world);
      world.slow.next().answer(1);
      back.forEachRemaining(_ -> {});
      world.assertBooksBalance();
    }
  }

  @Test
  void anUnknownBackendIsNamed() throws Exception {
    try (GatewayFixtures world = new GatewayFixtures()) {
      assertThat(run(new DrainCommand(), world, "slo")).isEqualTo(1);
    }
    assertThat(err.toString()).contains("backend: 'slo': no such backend");
  }

  @Test
  void aPageOfAnotherSiteCanNotDrain() throws Exception {
    try (GatewayFixtures world = new GatewayFixtures();
        HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(
                      "http://127.0.0.1:" + world.gateway.adminPort() + "/drain?backend=slow"))
              .POST(HttpRequest.BodyPublishers.noBody())
              .build();
      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(403);
    }
  }

  private static Iterator<GenerateResponse> call(GatewayFixtures world) {
    return InferenceGrpc.newBlockingStub(world.channel)
        .generate(
            GenerateRequest.newBuilder().setModel(GatewayFixtures.MODEL).setText("hello").build());
  }

  private int run(Object command, GatewayFixtures world, String backend) {
    return new CommandLine(command)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(backend, "--admin", "127.0.0.1:" + world.gateway.adminPort());
  }
}
