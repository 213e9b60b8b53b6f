package dev.sluice.backends.emulated.server;

import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.Hints;
import dev.sluice.v1.InferenceGrpc;
import dev.sluice.v1.ListModelsRequest;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.TimeUnit;

/** One call of each kind to a server of this process, so that a start-up cache can be trained. */
public final class Rehearsal {

  private static final int TOKENS = 20;
  private static final long PATIENCE_SECONDS = 30;

  private Rehearsal() {}

  /** Calls the server on {@code host} and {@code port}. */
  public static void run(String host, int port) {
    ManagedChannel channel = NettyChannelBuilder.forAddress(host, port).usePlaintext().build();
    try {
      HealthGrpc.newBlockingStub(channel)
          .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .check(HealthCheckRequest.getDefaultInstance());
      InferenceGrpc.InferenceBlockingStub stub =
          InferenceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
      String model = stub.listModels(ListModelsRequest.getDefaultInstance()).getModels(0).getName();
      stub.generate(
              GenerateRequest.newBuilder()
                  .setModel(model)
                  .setText("a rehearsal")
                  .setHints(Hints.newBuilder().setExpectedOutputTokens(TOKENS))
                  .build())
          .forEachRemaining(_ -> {});
    } finally {
      channel.shutdownNow();
    }
  }
}
