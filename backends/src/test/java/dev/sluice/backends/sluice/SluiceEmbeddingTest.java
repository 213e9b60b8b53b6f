package dev.sluice.backends.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.BackendFailure.Rejected.Kind;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.Embedding;
import dev.sluice.backends.Generation;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.RecordingSink;
import dev.sluice.backends.Sampling;
import dev.sluice.backends.Task;
import dev.sluice.backends.emulated.EmulatedBackendFactory;
import dev.sluice.backends.emulated.fault.Conduct;
import dev.sluice.backends.emulated.fault.MisbehaviourText;
import dev.sluice.backends.emulated.model.ProfileFixtures;
import dev.sluice.backends.emulated.server.AcceleratorServer;
import dev.sluice.backends.grpc.Address;
import dev.sluice.backends.profile.AcceleratorKind;
import dev.sluice.v1.InferenceGrpc;
import dev.sluice.v1.ListModelsRequest;
import dev.sluice.v1.ModelAbility;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Embeddings at an accelerator's server that misbehaves, or is asked for the wrong thing. */
final class SluiceEmbeddingTest {

  private final World world = new World();
  private final RecordingSink sink = new RecordingSink();

  @AfterEach
  void closeAll() throws Exception {
    world.close();
  }

  @ParameterizedTest
  @CsvSource({
    "refuse=UNAVAILABLE,Rejected",
    "fail-after=0/INTERNAL,Broke",
    "short=0,Broke",
    "gap=0,Protocol",
    "garbage=0,Protocol",
  })
  void anAnswerThatIsNotWholeIsNone(String behaviour, String failure) throws Exception {
    backend(behaviour).embed(embedding(), sink).request(1);
    assertThat(sink.awaitFailure().getClass().getSimpleName()).isEqualTo(failure);
    assertThat(sink.chunks()).isEmpty();
    assertThat(sink.ends()).isEqualTo(1);
  }

  @Test
  void aLateAnswerIsWhole() throws Exception {
    backend("late=50ms").embed(embedding(), sink).request(1);
    assertThat(sink.awaitCompletion().inputTokens()).isEqualTo(2);
  }

  @Test
  void aDeadlineEndsIt() throws Exception {
    Embedding embedding =
        new Embedding(
            "r",
            "m",
            List.of(new Prompt.Text("a text")),
            0,
            new Generation.Terms(20_000_000, 0, 0, 0, "", "", 0));
    backend("late=60s").embed(embedding, sink).request(1);
    assertThat(sink.awaitFailure())
        .isInstanceOfSatisfying(
            BackendFailure.Rejected.class,
            rejected -> assertThat(rejected.kind()).isEqualTo(Kind.DEADLINE_EXCEEDED));
  }

  @Test
  void aGenerationOfAnEmbeddingModelIsAFaultOfConfiguration() throws Exception {
    Generation generation =
        new Generation(
            "r", "m", new Prompt.Text("a text"), Sampling.upTo(2), Generation.Terms.NONE);
    backend("").start(generation, sink).request(1);
    assertThat(sink.awaitFailure())
        .isInstanceOfSatisfying(
            BackendFailure.Rejected.class,
            rejected -> {
              assertThat(rejected.kind()).isEqualTo(Kind.MISCONFIGURED);
              assertThat(rejected.detail()).contains("embeds and does not generate");
            });
  }

  @Test
  void theServerSaysThatItsModelEmbeds() throws Exception {
    AcceleratorServer server = server("");
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
    world.closeLater(channel::shutdownNow);
    assertThat(
            InferenceGrpc.newBlockingStub(channel)
                .listModels(ListModelsRequest.getDefaultInstance())
                .getModels(0)
                .getAbilitiesList())
        .containsExactly(ModelAbility.MODEL_ABILITY_EMBED);
  }

  private static Embedding embedding() {
    return new Embedding("r", "m", List.of(new Prompt.Text("a text")), 0, Generation.Terms.NONE);
  }

  private Backend backend(String behaviour) throws IOException {
    return world.backendAt(new Address("127.0.0.1", server(behaviour).port()));
  }

  private AcceleratorServer server(String behaviour) throws IOException {
    Backend emulated =
        new EmulatedBackendFactory()
            .create(
                new BackendSpec(
                    "b", "m", ProfileFixtures.embedding(ProfileFixtures.fast(1), 4), Map.of()));
    AcceleratorServer server =
        new AcceleratorServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new AcceleratorServer.Served(
                "m", "npu-m", AcceleratorKind.NPU, 4_096, EnumSet.of(Task.EMBED)),
            emulated,
            System::nanoTime,
            new AcceleratorServer.Faults(
                new Conduct(MisbehaviourText.parse(behaviour), 1, 1),
                null,
                dev.sluice.backends.emulated.server.TokenLengths.UNKNOWN));
    world.closeLater(server);
    server.start();
    return server;
  }
}
