package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.gateway.core.admission.Means;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.GenerateResponse;
import dev.sluice.v1.InferenceGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Iterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a gateway does while its process runs out of what it has, over real sockets. */
@Timeout(60)
@SuppressWarnings("NullAway.Init") // set before each test
final class OverloadTest {

  private volatile Means means = Means.NOTHING;
  private GatewayFixtures world;

  @BeforeEach
  void start() throws IOException {
    world = new GatewayFixtures(() -> means);
  }

  @AfterEach
  void stop() {
    world.assertBooksBalance();
    world.close();
  }

  @Test
  void outOfMemoryTheLargestAnswerIsBrokenOffAndNothingLetInUntilThereIsSomeAgain()
      throws Exception {
    Iterator<HealthCheckResponse> health =
        HealthGrpc.newBlockingStub(world.channel).watch(HealthCheckRequest.getDefaultInstance());
    assertThat(health.next().getStatus()).isEqualTo(ServingStatus.SERVING);
    Iterator<GenerateResponse> small = call("hello");
    FakeBackend.Call smaller = world.slow.next();
    smaller.token(0, "a");
    Iterator<GenerateResponse> large = call("x".repeat(9_000));
    FakeBackend.Call larger = world.slow.next();
    larger.token(0, "a");
    assertThat(large.next().hasAdmitted()).isTrue();
    assertThat(large.next().hasTokens()).isTrue();

    means = new Means(0.99, 0, 0, 0);

    StatusRuntimeException brokenOff = failure(large);
    assertThat(brokenOff).hasMessageContaining("this request held most of it");
    assertThat(brokenOff.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    smaller.finish(1);
    small.forEachRemaining(_ -> {});
    assertThat(larger.awaitCancelled()).isTrue();
    assertThat(health.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
    assertThat(failure(call("hello"))).hasMessageContaining("too full");
    assertThat(admin("/readyz").statusCode()).isEqualTo(503);
    assertThat(admin("/metrics").body())
        .contains("sluice_overload_level 4.0")
        .contains("sluice_overload_heap_ratio 0.99")
        .contains("sluice_overload_broken_off_total 1.0");

    means = Means.NOTHING;

    assertThat(health.next().getStatus()).isEqualTo(ServingStatus.SERVING);
    Iterator<GenerateResponse> after = call("hello");
    world.slow.next().answer(1);
    after.forEachRemaining(_ -> {});
    assertThat(world.gateway.ledger().completed()).isEqualTo(2);
  }

  private static StatusRuntimeException failure(Iterator<GenerateResponse> answer) {
    return catchThrowableOfType(
        StatusRuntimeException.class, () -> answer.forEachRemaining(_ -> {}));
  }

  private HttpResponse<String> admin(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + world.gateway.adminPort() + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private Iterator<GenerateResponse> call(String text) {
    return InferenceGrpc.newBlockingStub(world.channel)
        .generate(
            GenerateRequest.newBuilder().setModel(GatewayFixtures.MODEL).setText(text).build());
  }
}
