package dev.sluice.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.gateway.call.Payload;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.v1.Chat;
import dev.sluice.v1.Constraints;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.Message;
import dev.sluice.v1.Progress;
import dev.sluice.v1.Sampling;
import dev.sluice.v1.TokenIds;
import io.grpc.Metadata;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class RequestReaderTest {

  private final RequestReader reader = new RequestReader(new Requests(1, _ -> 3));

  @Test
  void aWholeRequestIsUnderstood() throws Exception {
    Requests.Understood understood =
        read(
            valid()
                .setTokens(TokenIds.newBuilder().addIds(5).addIds(6))
                .setRequestId("mine-1")
                .setSession("s/1")
                .setSampling(
                    Sampling.newBuilder().setMaxOutputTokens(9).setTemperature(0).addStop("x"))
                .setConstraints(Constraints.newBuilder().addRegions("eu").setMaxCostUsd(0.5)));
    assertThat(understood.request().id()).isEqualTo("mine-1");
    assertThat(understood.request().size().maxOutputTokens()).isEqualTo(9);
    assertThat(understood.request().constraints().regions()).containsExactly("eu");
    assertThat(understood.payload().session()).isEqualTo("s/1");
    assertThat(((Payload.TokenIds) understood.payload().content()).ids()).containsExactly(5, 6);
    assertThat(understood.payload().drawing().temperature()).isZero();
    assertThat(understood.payload().drawing().topP()).isNull();
  }

  @Test
  void theTenantAndThePromptsBeginningAreRead() throws Exception {
    Metadata metadata = new Metadata();
    metadata.put(
        Metadata.Key.of("x-llm-d-inference-fairness-id", Metadata.ASCII_STRING_MARSHALLER), "blue");
    GenerateRequest.Builder long4k = valid().setText("x".repeat(4096));
    InferenceRequest request =
        reader
            .read(
                long4k.build().toByteArray(),
                new Headers.OfMetadata(metadata),
                new InferenceRequest.Timing(0, 1))
            .request();
    assertThat(request.constraints().tenant()).isEqualTo("blue");
    assertThat(request.size().prefix().blocks()).isEqualTo(4);
    assertThat(read(valid()).request().constraints().tenant()).isEqualTo("default-flow");
    assertThat(read(valid().setSession("s")).request().size().prefix().key()).isNotZero();
  }

  @Test
  void whatTheCallerHasOfTheAnswerIsRead() throws Exception {
    Requests.Understood understood =
        read(
            valid()
                .setProgress(
                    Progress.newBuilder().setTokens(2).setText("a b").addIds(5).addIds(6)));
    assertThat(understood.payload().progress())
        .isEqualTo(new Payload.Progress(2, "a b", List.of(5, 6)));
    assertThat(understood.request().size().begunTokens()).isEqualTo(2);
    assertThat(understood.request().size().inputTokens()).isEqualTo(3);
    assertThat(understood.request().size().promptTokens()).isEqualTo(5);
    assertThat(read(valid().setProgress(Progress.getDefaultInstance())).payload().progress())
        .isEqualTo(Payload.Progress.NONE);
  }

  @Test
  void progressThatContradictsItselfIsNamed() {
    assertThat(refusal(progress().setTokens(-1)))
        .isEqualTo("progress.tokens: 4294967295 (expected: at most 65536)");
    assertThat(refusal(progress().setTokens(65_537))).contains("progress.tokens: 65537");
    assertThat(refusal(progress().setText("ab")))
        .isEqualTo("progress.text: 2 characters (expected: none, as progress.tokens is 0)");
    assertThat(refusal(progress().setTokens(3).setText("a b").addIds(5)))
        .isEqualTo("progress.ids: 1 (expected: none, or one for each of the 3 of progress.tokens)");
    assertThat(refusal(progress().addIds(5))).contains("progress.ids: 1");
  }

  private String refusal(Progress.Builder progress) {
    return refusal(valid().setProgress(progress));
  }

  private static Progress.Builder progress() {
    return Progress.newBuilder();
  }

  @Test
  void requestsWithoutAnIdGetDifferentOnes() throws Exception {
    assertThat(read(valid()).request().id()).isNotEqualTo(read(valid()).request().id());
  }

  @Test
  void whatIsMissingOrWrongIsNamed() {
    assertThat(refusal(valid().setModel(""))).contains("model: 0 characters");
    assertThat(refusal(valid().setModel("a b"))).contains("model");
    assertThat(refusal(valid().setRequestId("x\r\ny"))).contains("request_id");
    assertThat(refusal(valid().setSession("x".repeat(129)))).contains("session: 129 characters");
    assertThat(refusal(valid().clearPrompt())).contains("prompt: not set");
    assertThat(refusal(valid().setText(""))).contains("text: empty");
    assertThat(refusal(valid().setTokens(TokenIds.getDefaultInstance()))).contains("tokens.ids");
    assertThat(refusal(valid().setChat(Chat.getDefaultInstance()))).contains("chat.messages");
    assertThat(
            refusal(
                valid()
                    .setChat(Chat.newBuilder().addMessages(Message.newBuilder().setRole("king")))))
        .contains("chat.messages[0].role");
    assertThat(refusal(sampling(Sampling.newBuilder().setTemperature(Double.NaN))))
        .contains("sampling.temperature: NaN");
    assertThat(refusal(sampling(Sampling.newBuilder().setTopP(0)))).contains("sampling.top_p: 0.0");
    assertThat(refusal(sampling(Sampling.newBuilder().setMaxOutputTokens(-1))))
        .contains("sampling.max_output_tokens: 4294967295");
    assertThat(refusal(sampling(Sampling.newBuilder().addStop("")))).contains("sampling.stop");
    assertThat(refusal(valid().setConstraints(Constraints.newBuilder().setMaxCostUsd(-1))))
        .contains("constraints.max_cost_usd");
  }

  @Test
  void invalidUtf8IsMalformedNotInternal() {
    // field 1 (model): two bytes that are no UTF-8; field 2 (text): "x"
    byte[] bytes = {0x0a, 2, (byte) 0xff, (byte) 0xfe, 0x12, 1, 'x'};
    UnreadableException refusal = refusalOf(bytes);
    assertThat(refusal.failure().reason()).isEqualTo(Reason.MALFORMED_REQUEST);
  }

  @Test
  void arbitraryBytesNeverThrowAnythingElse() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 5000; i++) {
      byte[] bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      UnreadableException refusal = refusalOf(bytes);
      assertThat(refusal).isNotNull();
    }
  }

  private static GenerateRequest.Builder sampling(Sampling.Builder sampling) {
    return valid().setSampling(sampling);
  }

  private static GenerateRequest.Builder valid() {
    return GenerateRequest.newBuilder().setModel("m").setText("hello");
  }

  private Requests.Understood read(GenerateRequest.Builder request) throws UnreadableException {
    return reader.read(
        request.build().toByteArray(),
        new Headers.OfMetadata(new Metadata()),
        new InferenceRequest.Timing(0, 1));
  }

  private String refusal(GenerateRequest.Builder request) {
    return String.valueOf(refusalOf(request.build().toByteArray()).getMessage());
  }

  private UnreadableException refusalOf(byte[] bytes) {
    return Objects.requireNonNull(
        catchThrowableOfType(
            UnreadableException.class,
            () ->
                reader.read(
                    bytes,
                    new Headers.OfMetadata(new Metadata()),
                    new InferenceRequest.Timing(0, 1))));
  }
}
