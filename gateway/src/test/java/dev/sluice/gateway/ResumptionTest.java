package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.rpc.ErrorInfo;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Continuation;
import dev.sluice.backends.Generation;
import dev.sluice.v1.Accelerator;
import dev.sluice.v1.Finished;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.GenerateResponse;
import dev.sluice.v1.InferenceGrpc;
import dev.sluice.v1.Progress;
import dev.sluice.v1.Resumption;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of an answer whose backend fails in its middle, over real sockets. */
@Timeout(60)
@SuppressWarnings("NullAway.Init") // each test sets the field first
final class ResumptionTest {

  private GatewayFixtures world;

  @AfterEach
  void stop() {
    world.assertBooksBalance();
    world.close();
  }

  @Test
  void anAnswerThatBreaksOffGoesOnOnOtherHardwareFromTheNextToken() throws Exception {
    world = new GatewayFixtures(Continuation.EXACT);
    Iterator<GenerateResponse> answer = call(request().build());
    FakeBackend.Call first = world.slow.next();
    first.token(0, "a ");
    first.token(1, "b ");
    first.fail(new BackendFailure.Broke("connection reset"));
    FakeBackend.Call second = world.fast.next();
    assertThat(second.generation.progress())
        .isEqualTo(new Generation.Progress(2, "a b ", List.of()));
    second.token(2, "c ");
    second.finish(3);
    StringBuilder text = new StringBuilder();
    Finished finished = readAll(answer, text);
    assertThat(text).hasToString("a b c ");
    assertThat(finished.getAttempts()).isEqualTo(2);
    assertThat(finished.getUsage().getOutputTokens()).isEqualTo(3);
    assertThat(finished.getResumesCount()).isEqualTo(1);
    assertThat(finished.getResumes(0).getAtIndex()).isEqualTo(2);
    assertThat(finished.getResumes(0).getBackend()).isEqualTo("fast");
    assertThat(finished.getResumes(0).getAccelerator()).isEqualTo(Accelerator.ACCELERATOR_LPU);
    assertThat(finished.getResumes(0).getExact()).isTrue();
    assertThat(world.gateway.attempts().resumed()).isEqualTo(1);
    assertThat(metrics())
        .contains("sluice_handover_duration_seconds_count{kind=\"resume\"} 1")
        .contains("sluice_handover_duration_seconds_count{kind=\"failover\"} 0");
  }

  @Test
  void howLongAFailOverTookIsMeasuredApart() throws Exception {
    world = new GatewayFixtures(Continuation.EXACT);
    Iterator<GenerateResponse> answer = call(request().build());
    world.slow.next().fail(new BackendFailure.NeverSent("connection refused"));
    FakeBackend.Call second = world.fast.next();
    second.token(0, "a");
    second.finish(1);
    readAll(answer, new StringBuilder());
    assertThat(metrics())
        .contains("sluice_handover_duration_seconds_count{kind=\"failover\"} 1")
        .contains("sluice_handover_duration_seconds_count{kind=\"resume\"} 0");
  }

  @Test
  void aPlausibleContinuationIsTakenOnlyWhereTheCallerSaysSoAndIsNamed() throws Exception {
    world = new GatewayFixtures(Continuation.PLAUSIBLE);
    Iterator<GenerateResponse> strict = call(request().build());
    breakAfterOneToken();
    assertThat(interrupted(strict)).isEqualTo("STREAM_INTERRUPTED");
    Iterator<GenerateResponse> lenient =
        call(request().setResumption(Resumption.RESUMPTION_PLAUSIBLE).build());
    breakAfterOneToken();
    FakeBackend.Call second = world.fast.next();
    second.token(1, "b");
    second.finish(2);
    Finished finished = readAll(lenient, new StringBuilder());
    assertThat(finished.getResumes(0).getExact()).isFalse();
  }

  @Test
  void aCallerMayForbidAnyContinuation() throws Exception {
    world = new GatewayFixtures(Continuation.EXACT);
    Iterator<GenerateResponse> answer =
        call(request().setResumption(Resumption.RESUMPTION_NEVER).build());
    breakAfterOneToken();
    assertThat(interrupted(answer)).isEqualTo("STREAM_INTERRUPTED");
    assertThat(world.fast.started).hasValue(0);
  }

  @Test
  void whenNobodyCanGoOnTheCallerHearsWhatBrokeTheAnswer() throws Exception {
    world = new GatewayFixtures(Continuation.EXACT);
    Iterator<GenerateResponse> answer = call(request().build());
    breakAfterOneToken();
    world
        .fast
        .next()
        .fail(
            new BackendFailure.Rejected(
                BackendFailure.Rejected.Kind.INVALID, 0, "the prompt is too long"));
    StatusRuntimeException error =
        catchThrowableOfType(StatusRuntimeException.class, () -> answer.forEachRemaining(_ -> {}));
    assertThat(error).hasMessageContaining("connection reset");
  }

  @Test
  void anAnswerThatWasBegunElsewhereGoesOnFromTheNextTokenAndCountsAsOneAnswer() throws Exception {
    world = new GatewayFixtures(Continuation.EXACT);
    Iterator<GenerateResponse> answer = call(begun().build());
    FakeBackend.Call first = world.fast.next();
    assertThat(first.generation.progress())
        .isEqualTo(new Generation.Progress(2, "a b ", List.of()));
    assertThat(first.generation.sampling().maxOutputTokens()).isEqualTo(256);
    first.token(2, "c ");
    first.fail(new BackendFailure.Broke("connection reset"));
    FakeBackend.Call second = world.slow.next();
    assertThat(second.generation.progress())
        .isEqualTo(new Generation.Progress(3, "a b c ", List.of()));
    second.token(3, "d ");
    second.finish(4);
    StringBuilder text = new StringBuilder();
    Finished finished = readAll(answer, text, 2);
    assertThat(text).hasToString("c d ");
    assertThat(finished.getUsage().getInputTokens()).isEqualTo(3);
    assertThat(finished.getUsage().getOutputTokens()).isEqualTo(4);
    assertThat(finished.getResumesList()).hasSize(1);
    assertThat(finished.getResumes(0).getAtIndex()).isEqualTo(3);
    assertThat(world.gateway.ledger().deliveredTokens()).as("from here").isEqualTo(2);
  }

  @Test
  void whatWasBegunIsOnlyGoneOnWithAsTheCallerTakesIt() throws Exception {
    world = new GatewayFixtures(Continuation.PLAUSIBLE);
    StatusRuntimeException refused =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> call(begun().build()).forEachRemaining(_ -> {}));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refused)
        .hasMessageContaining(
            "progress: set (expected: none, as no backend of llama-3.3-70b goes on with an answer"
                + " token for token)");
    Iterator<GenerateResponse> lenient =
        call(begun().setResumption(Resumption.RESUMPTION_PLAUSIBLE).build());
    FakeBackend.Call call = world.fast.next();
    call.token(2, "c");
    call.finish(3);
    assertThat(readAll(lenient, new StringBuilder(), 2).getUsage().getOutputTokens()).isEqualTo(3);
  }

  private static GenerateRequest.Builder begun() {
    return request().setProgress(Progress.newBuilder().setTokens(2).setText("a b "));
  }

  private String metrics() throws IOException, InterruptedException {
    URI metrics = URI.create("http://127.0.0.1:" + world.gateway.adminPort() + "/metrics");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private void breakAfterOneToken() throws InterruptedException {
    FakeBackend.Call first = world.slow.next();
    first.token(0, "a");
    first.fail(new BackendFailure.Broke("connection reset"));
  }

  private static GenerateRequest.Builder request() {
    return GenerateRequest.newBuilder().setModel(GatewayFixtures.MODEL).setText("hello");
  }

  private Iterator<GenerateResponse> call(GenerateRequest request) {
    return InferenceGrpc.newBlockingStub(world.channel).generate(request);
  }

  private static Finished readAll(Iterator<GenerateResponse> answer, StringBuilder text) {
    return readAll(answer, text, 0);
  }

  private static Finished readAll(
      Iterator<GenerateResponse> answer, StringBuilder text, int firstIndex) {
    int next = firstIndex;
    GenerateResponse response = answer.next();
    while (answer.hasNext()) {
      response = answer.next();
      if (response.hasTokens()) {
        assertThat(response.getTokens().getIndex()).isEqualTo(next);
        next += response.getTokens().getCount();
        text.append(response.getTokens().getText());
      }
    }
    return response.getFinished();
  }

  private static String interrupted(Iterator<GenerateResponse> answer) throws Exception {
    StatusRuntimeException error =
        Objects.requireNonNull(
            catchThrowableOfType(
                StatusRuntimeException.class, () -> answer.forEachRemaining(_ -> {})));
    com.google.rpc.Status status = Objects.requireNonNull(StatusProto.fromThrowable(error));
    return status.getDetails(0).unpack(ErrorInfo.class).getReason();
  }
}
