package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long the HTTP front waits for what a caller sends bit by bit; and HTTP/2. */
@Timeout(60)
@SuppressWarnings("NullAway.Init") // JUnit sets the field
final class HttpPaceTest {

  private static final long DRIP_MILLIS = 400;

  private GatewayFixtures world;

  @BeforeEach
  void start() throws Exception {
    world = new GatewayFixtures();
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  @Tag("thorough") // takes as long as the limits are: 5 s and 15 s
  void whoSendsHeadOrBodyByDropsIsCutOff() throws Exception {
    try (RawCaller head = new RawCaller(world.gateway.httpPort());
        RawCaller body = new RawCaller(world.gateway.httpPort())) {
      body.send("POST /v1/completions HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n");
      body.send("Content-Length: 1000\r\n\r\n");
      head.send("POST /v1/completions HTTP/1.1\r\n");
      long headNanos = drip(head, 12);
      assertThat(headNanos).isBetween(4_500_000_000L, 10_000_000_000L);
      CompletableFuture<Long> dripping = CompletableFuture.supplyAsync(() -> drip(body, 20));
      RawCaller.Answer answer = body.answer();
      assertThat(answer.status()).isEqualTo(408);
      assertThat(answer.body()).contains("too slow");
      assertThat(dripping.get(20, TimeUnit.SECONDS)).isPositive();
    }
  }

  /** Sends a byte now and then until the other side has had enough; tells how long it took. */
  private static long drip(RawCaller caller, int mostSeconds) {
    long begunNanos = System.nanoTime();
    try {
      while (System.nanoTime() - begunNanos < TimeUnit.SECONDS.toNanos(mostSeconds)) {
        caller.send("x");
        Thread.sleep(DRIP_MILLIS);
      }
    } catch (IOException closed) {
      return System.nanoTime() - begunNanos;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return System.nanoTime() - begunNanos;
  }

  @Test
  void http2IsSpokenToo() throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      HttpResponse<String> models = client.send(get("/v1/models"), text());
      assertThat(models.version()).isEqualTo(HttpClient.Version.HTTP_2);
      CompletableFuture<HttpResponse<String>> answer = client.sendAsync(stream(), text());
      world.slow.next().answer(40);
      assertThat(answer.get(10, TimeUnit.SECONDS).version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(answer.get().body()).endsWith("data: [DONE]\n\n");
    }
  }

  @Test
  void aStreamThatIsResetOverHttp2StopsTheBackend() throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      HttpResponse<String> models = client.send(get("/v1/models"), text());
      assertThat(models.statusCode()).isEqualTo(200);
      CompletableFuture<HttpResponse<String>> answer = client.sendAsync(stream(), text());
      FakeBackend.Call call = world.slow.next();
      answer.cancel(true);
      assertThat(call.awaitCancelled()).isTrue();
    }
  }

  private HttpRequest get(String path) {
    return HttpRequest.newBuilder(uri(path)).build();
  }

  private HttpRequest stream() {
    return HttpRequest.newBuilder(uri("/v1/completions"))
        .header("content-type", "application/json")
        .POST(
            HttpRequest.BodyPublishers.ofString(
                "{\"model\":\"" + GatewayFixtures.MODEL + "\",\"prompt\":\"x\",\"stream\":true}"))
        .build();
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + world.gateway.httpPort() + path);
  }

  private static HttpResponse.BodyHandler<String> text() {
    return HttpResponse.BodyHandlers.ofString();
  }
}
