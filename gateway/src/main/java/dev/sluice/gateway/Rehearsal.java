package dev.sluice.gateway;

import com.google.protobuf.Duration;
import dev.sluice.gateway.config.GatewayConfig;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Makes calls of each kind to a gateway in this process, so that a start-up cache learns what it
 * needs.
 */
final class Rehearsal {

  private static final int CALLS = 2000;
  private static final int CALLERS = 32;

  private Rehearsal() {}

  static GatewayConfig onFreePorts(GatewayConfig config) {
    GatewayConfig.Address free = new GatewayConfig.Address("127.0.0.1", 0);
    return new GatewayConfig(
        new GatewayConfig.Listeners(free, free),
        config.models(),
        config.serviceClasses(),
        config.fleet(),
        config.policy(),
        config.limits());
  }

  static void run(int grpcPort, int adminPort) throws InterruptedException {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", grpcPort).usePlaintext().build();
    try {
      InferenceGrpc.InferenceBlockingStub stub = InferenceGrpc.newBlockingStub(channel);
      String model = stub.listModels(ListModelsRequest.getDefaultInstance()).getModels(0).getName();
      try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
        for (int i = 0; i < CALLS; i++) {
          long firstTokenNanos = i % 10 == 9 ? 1_000 : 60_000_000_000L;
          callers.execute(() -> generate(stub, model, firstTokenNanos));
        }
      }
      get("http://127.0.0.1:" + adminPort + "/metrics");
      get("http://127.0.0.1:" + adminPort + "/fleet");
    } finally {
      channel.shutdownNow();
    }
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

  private static void get(String uri) throws InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      client.send(
          HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException("rehearsal: " + uri, e);
    }
  }
}
