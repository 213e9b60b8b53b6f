package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.InferenceGrpc;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/** A call that cannot be read leaves one record like any other: a line and a counted failure. */
@Isolated("reads the log of requests")
@Timeout(60)
@SuppressWarnings("NullAway.Init") // JUnit sets the field
final class UnreadableCallsTest {

  private static final String SECRET = "a-secret-prompt";

  private final RecordLines records = new RecordLines();
  private GatewayFixtures world;

  @BeforeEach
  void start() throws Exception {
    world = new GatewayFixtures();
    records.open();
  }

  @AfterEach
  void stop() {
    records.close();
    world.close();
  }

  @Test
  void eachHasOneRecordLineOneCountedFailureAndOnePlaceInTheBooks() throws Exception {
    refused(world.channel, request().setText("").setSession(SECRET));
    refused(world.channel, request().setText(SECRET.repeat(300_000)));
    refused(world.with("x-slo-ttft-ms", "soon"), request().setText(SECRET));
    refused(world.with("x-slo-ttft-ms", "0"), request().setText(SECRET));
    assertThatThrownBy(() -> world.generateRaw(new byte[] {0x0a, 2, (byte) 0xff, (byte) 0xfe}))
        .isInstanceOf(StatusRuntimeException.class);
    refused(world.channel, request().setText(SECRET).setModel("gpt-9"));

    assertThat(world.gateway.ledger().received()).isEqualTo(6);
    assertThat(world.gateway.ledger().rejected()).isEqualTo(6);
    assertThat(world.gateway.ledger().inFlight()).isZero();
    records.await(6);
    assertThat(failures())
        .containsExactlyInAnyOrder(
            "sluice_failures_total{reason=\"BUDGET_INVALID\"} 2.0",
            "sluice_failures_total{reason=\"MALFORMED_REQUEST\"} 2.0",
            "sluice_failures_total{reason=\"MESSAGE_TOO_LARGE\"} 1.0",
            "sluice_failures_total{reason=\"MODEL_NOT_FOUND\"} 1.0");
    world.gateway.close();
    assertThat(records.lines)
        .hasSize(6)
        .noneMatch(line -> line.contains(SECRET))
        .allMatch(line -> line.contains(" outcome=failed reason="))
        .allMatch(line -> line.matches(".* total_ms=\\d+\\.\\d\\d missed=-"));
    assertThat(records.lines.subList(0, 5))
        .allMatch(line -> line.startsWith("id=- model=- outcome=failed reason="))
        .allMatch(line -> line.contains(" input_tokens=0 output_tokens=0 "));
  }

  private static GenerateRequest.Builder request() {
    return GenerateRequest.newBuilder().setModel(GatewayFixtures.MODEL);
  }

  private static void refused(Channel channel, GenerateRequest.Builder request) {
    assertThatThrownBy(
            () -> InferenceGrpc.newBlockingStub(channel).generate(request.build()).hasNext())
        .isInstanceOf(StatusRuntimeException.class);
  }

  private List<String> failures() throws Exception {
    URI metrics = URI.create("http://127.0.0.1:" + world.gateway.adminPort() + "/metrics");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith("sluice_failures_total"))
          .toList();
    }
  }

  /** What is written to the log of requests. */
  private static final class RecordLines extends AppenderBase<ILoggingEvent> {

    private final List<String> lines = new CopyOnWriteArrayList<>();

    void open() {
      start();
      logger().addAppender(this);
    }

    void close() {
      logger().detachAppender(this);
    }

    private static Logger logger() {
      return (Logger) LoggerFactory.getLogger("sluice.requests");
    }

    @Override
    protected void append(ILoggingEvent event) {
      lines.add(event.getFormattedMessage());
    }

    void await(int count) {
      long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (lines.size() < count && System.nanoTime() < endNanos) {
        Thread.onSpinWait();
      }
    }
  }
}
