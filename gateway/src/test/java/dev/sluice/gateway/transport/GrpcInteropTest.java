package dev.sluice.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.call.CallHandler;
import dev.sluice.gateway.call.InboundCall;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.time.NanoClock;
import io.grpc.ServerInterceptors;
import io.grpc.testing.integration.TestServiceImpl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * gRPC's interoperability cases (grpc/grpc doc/interop-test-descriptions.md), asked by the client
 * of gRPC for Go of the gateway's listener with gRPC's test service beside its own: that its
 * limits, windows and executors are none that a caller in another language trips over. The gateway
 * passes no service on that is not its own, so there is nothing to ask behind it.
 *
 * <p>Needs that client: {@code go install google.golang.org/grpc/interop/client@v1.85.0}, its path
 * in {@code GRPC_INTEROP_CLIENT}; {@code .ci/interop} does so.
 */
@Timeout(60)
@EnabledIfEnvironmentVariable(named = "GRPC_INTEROP_CLIENT", matches = ".+")
final class GrpcInteropTest {

  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final GrpcTransport transport =
      new GrpcTransport(
          new GrpcTransport.Settings(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
              4 << 20,
              16 << 10,
              new Requests(1, _ -> 1),
              List.of(
                  ServerInterceptors.intercept(
                      new TestServiceImpl(executor), TestServiceImpl.interceptors()))),
          new NobodysCalls(),
          List::of,
          NanoClock.system());

  @BeforeEach
  void start() throws IOException {
    transport.start();
  }

  @AfterEach
  void stop() {
    transport.close();
    executor.shutdownNow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "empty_unary",
        "large_unary",
        "client_streaming",
        "server_streaming",
        "ping_pong",
        "empty_stream",
        "timeout_on_sleeping_server",
        "cancel_after_begin",
        "cancel_after_first_response",
        "status_code_and_message",
        "special_status_message",
        "custom_metadata",
        "unimplemented_method",
        "unimplemented_service"
      })
  void aCallerInAnotherLanguageFindsWhatGrpcPromises(String testCase) throws Exception {
    Process client =
        new ProcessBuilder(
                System.getenv("GRPC_INTEROP_CLIENT"),
                "--server_host=127.0.0.1",
                "--server_port=" + transport.port(),
                "--use_tls=false",
                "--test_case=" + testCase)
            .redirectErrorStream(true)
            .start();
    String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(client.waitFor()).as(said).isZero();
  }

  /** The service of the gateway itself is not called here. */
  private static final class NobodysCalls implements CallHandler {

    @Override
    public void handle(InboundCall call) {
      throw new AssertionError("a call of the gateway's own service");
    }

    @Override
    public void unreadable(Failure failure, long arrivalNanos) {
      throw new AssertionError("a call of the gateway's own service: " + failure);
    }
  }
}
