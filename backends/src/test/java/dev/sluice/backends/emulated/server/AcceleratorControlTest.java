package dev.sluice.backends.emulated.server;

import static dev.sluice.backends.emulated.server.AcceleratorFixture.REQUEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.backends.Completion;
import dev.sluice.backends.TokenChunk;
import dev.sluice.backends.emulated.fault.Conduct;
import dev.sluice.backends.emulated.fault.MisbehaviourText;
import dev.sluice.v1.AcceleratorControlGrpc;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.GenerateResponse;
import dev.sluice.v1.GenerationState;
import dev.sluice.v1.InferenceGrpc;
import dev.sluice.v1.LedgerGeneration;
import dev.sluice.v1.LedgerRequest;
import dev.sluice.v1.LedgerResponse;
import dev.sluice.v1.MisbehaveRequest;
import dev.sluice.v1.MisbehaveResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An accelerator that is told to misbehave, as a standard client sees it. */
final class AcceleratorControlTest {

  private static final Completion COMPLETION = new Completion(Completion.Reason.STOP, 1, 3, 0);
  private static final long PATIENCE_SECONDS = 20;

  private final AcceleratorFixture accelerator = new AcceleratorFixture();

  @BeforeEach
  void start() throws IOException {
    accelerator.start();
  }

  @AfterEach
  void close() {
    accelerator.close();
  }

  @Test
  void whatItIsToldHoldsUntilItIsToldOtherwise() {
    assertThat(tell("late=2s,die-after=20"))
        .isEqualTo(MisbehaveResponse.newBuilder().setBehaviour("late=2s,die-after=20").build());
    assertThat(tell(""))
        .isEqualTo(MisbehaveResponse.newBuilder().setBefore("late=2s,die-after=20").build());
  }

  @Test
  void whatCannotBeReadChangesNothing() {
    tell("silent");
    assertThatThrownBy(() -> tell("die-after=soon"))
        .hasMessageContaining("INVALID_ARGUMENT: die-after: soon (expected: a whole number");
    assertThatThrownBy(
            () ->
                control()
                    .misbehave(
                        MisbehaveRequest.newBuilder().setBehaviour("silent").setShare(2).build()))
        .hasMessageContaining("share: 2.0 (expected: above 0 to 1)");
    assertThat(tell("").getBefore()).isEqualTo("silent");
  }

  @Test
  void everyStatusCanBeMadeToComeBeforeAnything() {
    for (Status.Code code : Status.Code.values()) {
      if (code != Status.Code.OK) {
        tell("refuse=" + code + "/3s");
        assertThatThrownBy(() -> accelerator.stub().generate(REQUEST).hasNext())
            .isInstanceOfSatisfying(
                StatusRuntimeException.class,
                thrown -> {
                  assertThat(thrown.getStatus().getCode()).isEqualTo(code);
                  assertThat(pushback(thrown)).isEqualTo("3000");
                });
      }
    }
    assertThat(accelerator.backend.pending()).isZero();
    assertThat(ledger().getRefused()).isEqualTo(16);
  }

  @Test
  void aRefusalForEverSaysSo() {
    tell("refuse=UNAVAILABLE/never");
    assertThatThrownBy(() -> accelerator.stub().generate(REQUEST).hasNext())
        .isInstanceOfSatisfying(
            StatusRuntimeException.class, thrown -> assertThat(pushback(thrown)).isEqualTo("-1"));
  }

  private static String pushback(StatusRuntimeException thrown) {
    Metadata.Key<String> key =
        Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);
    Metadata trailers = thrown.getTrailers();
    return trailers == null ? "" : String.valueOf(trailers.get(key));
  }

  @Test
  void aSilentAcceleratorNeverAnswers() {
    tell("silent");
    assertThatThrownBy(
            () ->
                accelerator
                    .stub()
                    .withDeadlineAfter(100, TimeUnit.MILLISECONDS)
                    .generate(REQUEST)
                    .hasNext())
        .hasMessageContaining("DEADLINE_EXCEEDED");
    assertThat(accelerator.backend.pending()).isZero();
  }

  @Test
  void onlyTheShareOfRequestsIsFailed() throws InterruptedException {
    control()
        .misbehave(
            MisbehaveRequest.newBuilder().setBehaviour("refuse").setShare(0.3).setSeed(5).build());
    Conduct told = new Conduct(MisbehaviourText.parse("refuse"), 0.3, 5);
    int refused = 0;
    for (int i = 0; i < 50; i++) {
      GenerateRequest request = REQUEST.toBuilder().setRequestId("r-" + i).build();
      Iterator<GenerateResponse> answer = accelerator.stub().generate(request);
      if (told.towards("r-" + i).isEmpty()) {
        accelerator.backend.next().sink().finished(COMPLETION);
        answer.forEachRemaining(_ -> {});
      } else {
        assertThatThrownBy(answer::hasNext).hasMessageContaining("UNAVAILABLE");
        refused++;
      }
    }
    assertThat(refused).isBetween(5, 25);
  }

  @Test
  void damageReachesTheWireWhereItIsTold() throws InterruptedException {
    assertThat(tokens("duplicate=1")).containsExactly("0a", "1b", "1b", "2c", "finished 3");
    assertThat(tokens("gap=1")).containsExactly("0a", "2c", "finished 3");
    assertThat(tokens("overclaim=2")).containsExactly("0a", "1b", "2c", "finished 5");
    assertThat(tokens("short=2")).containsExactly("0a", "1b");
    assertThat(tokens("fail-after=1/ABORTED")).containsExactly("0a", "ABORTED");
    assertThat(tokens("")).containsExactly("0abc", "finished 3");
    LedgerResponse books = ledger();
    assertThat(books.getCompleted()).isEqualTo(4);
    assertThat(books.getFailed()).isEqualTo(2);
    assertThat(books.getTokensEmitted()).isEqualTo(4 + 2 + 3 + 2 + 1 + 3);
  }

  /** What a caller gets of the tokens a, b and c under one way to misbehave. */
  private List<String> tokens(String behaviour) throws InterruptedException {
    tell(behaviour);
    Iterator<GenerateResponse> answer = accelerator.stub().generate(REQUEST);
    HandDrivenBackend.Started call = accelerator.backend.next();
    call.sink().tokens(TokenChunk.ofText(0, 3, "abc"));
    call.sink().finished(COMPLETION);
    List<String> events = new ArrayList<>();
    try {
      while (answer.hasNext()) {
        GenerateResponse event = answer.next();
        switch (event.getEventCase()) {
          case TOKENS -> events.add(event.getTokens().getIndex() + event.getTokens().getText());
          case FINISHED ->
              events.add("finished " + event.getFinished().getUsage().getOutputTokens());
          case ADMITTED, EVENT_NOT_SET -> {}
        }
      }
    } catch (StatusRuntimeException e) {
      events.add(e.getStatus().getCode().name());
    }
    return events;
  }

  @Test
  void garbageIsNoMessage() throws InterruptedException {
    tell("garbage=1");
    BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
    ClientCall<byte[], byte[]> call =
        accelerator.channel.newCall(
            InferenceGrpc.getGenerateMethod().toBuilder(new RequestBytes(), new ResponseBytes())
                .build(),
            CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(byte[] message) {
            messages.add(message);
          }
        },
        new Metadata());
    call.request(10);
    call.sendMessage(REQUEST.toByteArray());
    call.halfClose();
    accelerator.backend.next().sink().tokens(TokenChunk.ofText(0, 2, "ab"));
    messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    byte[] garbage = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(garbage).isNotNull();
    assertThatThrownBy(() -> GenerateResponse.parseFrom(garbage))
        .isInstanceOf(com.google.protobuf.InvalidProtocolBufferException.class);
    call.cancel("enough", null);
  }

  @Test
  void aGoodbyeEndsTheConnectionAndNeitherTheAnswerNorTheService() throws Exception {
    tell("goaway=1");
    Iterator<GenerateResponse> answer = accelerator.stub().generate(REQUEST);
    HandDrivenBackend.Started call = accelerator.backend.next();
    BlockingQueue<ConnectivityState> left = new LinkedBlockingQueue<>();
    accelerator.channel.notifyWhenStateChanged(
        ConnectivityState.READY, () -> left.add(accelerator.channel.getState(false)));
    call.sink().tokens(TokenChunk.ofText(0, 2, "ab"));
    assertThat(left.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isNotNull();
    call.sink().tokens(TokenChunk.ofText(2, 1, "c"));
    call.sink().finished(COMPLETION);
    List<GenerateResponse> events = new ArrayList<>();
    answer.forEachRemaining(events::add);
    assertThat(events.getLast().getFinished().getUsage().getOutputTokens()).isEqualTo(3);
    assertThat(
            control()
                .withWaitForReady()
                .misbehave(MisbehaveRequest.getDefaultInstance())
                .getBefore())
        .isEqualTo("goaway=1");
  }

  @Test
  void theBooksTellWhatEachRequestWasSent() throws InterruptedException {
    Iterator<GenerateResponse> answer = accelerator.stub().generate(REQUEST);
    HandDrivenBackend.Started call = accelerator.backend.next();
    call.sink().tokens(TokenChunk.ofText(5, 2, "ab"));
    assertThat(answer.next().hasAdmitted()).isTrue();
    assertThat(ledger().getRunning()).isEqualTo(1);
    assertThat(ledgerOf("r-1"))
        .isEqualTo(
            LedgerGeneration.newBuilder()
                .setRequestId("r-1")
                .setFirstIndex(5)
                .setTokens(2)
                .setState(GenerationState.GENERATION_STATE_RUNNING)
                .build());
    call.sink().finished(COMPLETION);
    answer.forEachRemaining(_ -> {});
    LedgerResponse books = ledger();
    assertThat(books.getReceived()).isEqualTo(1);
    assertThat(books.getCompleted()).isEqualTo(1);
    assertThat(books.getRunning()).isZero();
    assertThat(books.getProcessId()).isEqualTo(ProcessHandle.current().pid());
  }

  private MisbehaveResponse tell(String behaviour) {
    return control().misbehave(MisbehaveRequest.newBuilder().setBehaviour(behaviour).build());
  }

  private LedgerResponse ledger() {
    return control().ledger(LedgerRequest.newBuilder().setMostGenerations(1_000).build());
  }

  private LedgerGeneration ledgerOf(String requestId) {
    return ledger().getGenerationsList().stream()
        .filter(generation -> generation.getRequestId().equals(requestId))
        .findFirst()
        .orElseThrow();
  }

  private AcceleratorControlGrpc.AcceleratorControlBlockingStub control() {
    return AcceleratorControlGrpc.newBlockingStub(accelerator.channel)
        .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
