package dev.sluice.gateway;

import com.google.protobuf.Duration;
import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.gateway.time.NanoClock;
import dev.sluice.v1.Budget;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.GenerateResponse;
import dev.sluice.v1.InferenceGrpc;
import dev.sluice.v1.ListModelsRequest;
import dev.sluice.v1.Sampling;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Makes calls of each kind to a gateway in this process, so that a start-up cache learns what it
 * needs.
 *
 * <p>The calls go through two gateways: a second one that has the first as its only backend. So the
 * way to a remote backend is part of the rehearsal, as well as that to an emulated one.
 */
final class Rehearsal {

  private static final int CALLS = 1200;
  private static final int HTTP_CALLS = 400;
  private static final int CALLERS = 32;
  private static final GatewayConfig.Address FREE = new GatewayConfig.Address("127.0.0.1", 0);

  private Rehearsal() {}

  static void run(GatewayConfig config) throws IOException, InterruptedException {
    GatewayConfig near = withFleet(config, config.fleet());
    try (Gateway emulating = new Gateway(near, Wiring.backends(near), NanoClock.system())) {
      emulating.start();
      GatewayConfig far = withFleet(config, List.of(remote(config.fleet().getFirst(), emulating)));
      try (Gateway relaying = new Gateway(far, Wiring.backends(far), NanoClock.system())) {
        relaying.start();
        call(relaying.grpcPort(), far.fleet().getFirst().model());
        callOverHttp(relaying.httpPort(), far.fleet().getFirst().model());
        get("http://127.0.0.1:" + relaying.httpPort() + "/v1/models");
        get("http://127.0.0.1:" + relaying.adminPort() + "/metrics");
        get("http://127.0.0.1:" + relaying.adminPort() + "/fleet");
      }
    }
  }

  private static GatewayConfig withFleet(
      GatewayConfig config, List<GatewayConfig.BackendEntry> fleet) {
    return new GatewayConfig(
        new GatewayConfig.Listeners(FREE, FREE, FREE),
        config.models(),
        config.serviceClasses(),
        fleet,
        config.policy(),
        config.limits());
  }

  private static GatewayConfig.BackendEntry remote(
      GatewayConfig.BackendEntry entry, Gateway gateway) {
    return new GatewayConfig.BackendEntry(
        "remote",
        "sluice",
        entry.model(),
        null,
        entry.profile(),
        Map.of("address", "127.0.0.1:" + gateway.grpcPort()));
  }

  private static void call(int port, String model) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    InferenceGrpc.InferenceBlockingStub stub = InferenceGrpc.newBlockingStub(channel);
    stub.listModels(ListModelsRequest.getDefaultInstance());
    try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
      for (int i = 0; i < CALLS; i++) {
        long firstTokenNanos = i % 10 == 9 ? 1_000 : 60_000_000_000L;
        callers.execute(() -> generate(stub, model, firstTokenNanos));
      }
    }
    channel.shutdownNow();
  }

  private static void generate(
      InferenceGrpc.InferenceBlockingStub stub, String model, long firstTokenNanos) {
    GenerateRequest request =
        GenerateRequest.newBuilder()
            .setModel(model)
            .setText("rehearsal")
            .setSampling(Sampling.newBuilder().setMaxOutputTokens(32))
            .setBudget(
                Budget.newBuilder()
                    .setTimeToFirstToken(
                        Duration.newBuilder()
                            .setSeconds(firstTokenNanos / 1_000_000_000)
                            .setNanos((int) (firstTokenNanos % 1_000_000_000))))
            .build();
    try {
      Iterator<GenerateResponse> answer = stub.generate(request);
      answer.forEachRemaining(_ -> {});
    } catch (StatusRuntimeException refused) {
      // one call in ten asks for the impossible: the way of a refusal is part of the rehearsal
    }
  }

  private static void callOverHttp(int port, String model) throws InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient();
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
      for (int i = 0; i < HTTP_CALLS; i++) {
        String body =
            """
            {"model": "%s", "messages": [{"role": "user", "content": "rehearsal"}], \
            "max_tokens": 32, "stream": %s, "slo_ttft_ms": %d}\
            """
                .formatted(model, i % 2 == 0, i % 10 == 9 ? 0 : 60_000);
        callers.execute(() -> post(client, port, body));
      }
    }
  }

  private static void post(HttpClient client, int port, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
            .version(HttpClient.Version.HTTP_1_1)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException("rehearsal: a completion", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void get(String uri) throws InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      client.send(
          HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException("rehearsal: " + uri, e);
    }
  }
}
