package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.backends.Prompt;
import dev.sluice.backends.Vectors;
import dev.sluice.backends.emulated.EmulatedVectors;
import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Profiles;
import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.gateway.core.request.Task;
import dev.sluice.gateway.time.NanoClock;
import dev.sluice.v1.Accelerator;
import dev.sluice.v1.EmbedInput;
import dev.sluice.v1.EmbedRequest;
import dev.sluice.v1.EmbedResponse;
import dev.sluice.v1.InferenceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** Vectors through a gateway whose backend is a gateway whose backends are emulated. */
@Isolated("a pause would be taken for one of the gateway")
@Timeout(60)
final class EmbedChainTest {

  private static final String MODEL = "qwen3-embedding-0.6b";
  private static final GatewayConfig.Address FREE = new GatewayConfig.Address("127.0.0.1", 0);

  @Test
  void vectorsAreThoseOfTheModelAndWhatItRefusesIsRefused() throws Exception {
    GatewayConfig near =
        config(
            entry("gpu", "emulated", "l40s-qwen3-embedding-0.6b", Map.of()),
            entry("npu", "emulated", "ascend-910b-qwen3-embedding-0.6b", Map.of()));
    try (Gateway serving = new Gateway(near, Wiring.backends(near), NanoClock.system())) {
      serving.start();
      GatewayConfig far =
          config(
              entry(
                  "near",
                  "sluice",
                  "l40s-qwen3-embedding-0.6b",
                  Map.of("address", "127.0.0.1:" + serving.grpcPort())));
      try (Gateway relaying = new Gateway(far, Wiring.backends(far), NanoClock.system())) {
        relaying.start();
        ManagedChannel channel =
            NettyChannelBuilder.forAddress("127.0.0.1", relaying.grpcPort()).usePlaintext().build();
        InferenceGrpc.InferenceBlockingStub stub =
            InferenceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
        EmbedResponse response = stub.embed(request(0));
        StatusRuntimeException refused =
            catchThrowableOfType(StatusRuntimeException.class, () -> stub.embed(request(4096)));
        channel.shutdownNow();
        Vectors expected =
            EmulatedVectors.of(
                MODEL, List.of(new Prompt.Text("a cat"), new Prompt.Text("a dog")), 1024);
        for (int i = 0; i < 2 * 1024; i++) {
          assertThat(response.getVectors(i / 1024).getValues(i % 1024))
              .isEqualTo(expected.values()[i]);
        }
        assertThat(response.getBackend()).isEqualTo("near");
        assertThat(response.getAccelerator()).isEqualTo(Accelerator.ACCELERATOR_GPU);
        assertThat(response.getUsage().getInputTokens()).isEqualTo(4);
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused).hasMessageContaining("dimensions: 4096 (expected: at most 1024)");
        assertThat(serving.ledger().received()).isEqualTo(2);
        assertThat(relaying.attempts().tokens().delivered()).isEqualTo(1);
      }
    }
  }

  private static EmbedRequest request(int dimensions) {
    return EmbedRequest.newBuilder()
        .setModel(MODEL)
        .addInputs(EmbedInput.newBuilder().setText("a cat"))
        .addInputs(EmbedInput.newBuilder().setText("a dog"))
        .setDimensions(dimensions)
        .build();
  }

  private static GatewayConfig config(GatewayConfig.BackendEntry... fleet) {
    return new GatewayConfig(
        new GatewayConfig.Listeners(FREE, FREE, FREE),
        List.of(
            new GatewayConfig.Model(
                MODEL, List.of(), 32_768, 1, null, GatewayConfig.Budget.NONE, Task.EMBED)),
        List.of(),
        List.of(fleet),
        new GatewayConfig.Policy("bid-price"),
        new GatewayConfig.Limits(
            4 << 20, 16 << 10, 1000, Duration.ofSeconds(60), Duration.ofSeconds(10)));
  }

  private static GatewayConfig.BackendEntry entry(
      String id, String kind, String profile, Map<String, Object> settings) {
    Profile own = Profiles.find(profile).orElseThrow();
    return new GatewayConfig.BackendEntry(id, kind, MODEL, null, own, settings);
  }
}
