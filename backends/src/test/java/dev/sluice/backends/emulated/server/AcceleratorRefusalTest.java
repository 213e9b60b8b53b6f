package dev.sluice.backends.emulated.server;

import static dev.sluice.backends.emulated.server.AcceleratorFixture.REQUEST;
import static dev.sluice.backends.emulated.server.AcceleratorFixture.millis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.BackendFailure.Rejected.Kind;
import dev.sluice.backends.TokenChunk;
import dev.sluice.v1.Budget;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.GenerateResponse;
import dev.sluice.v1.InferenceGrpc;
import dev.sluice.v1.Sampling;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the server says when it does not answer, and when its backend did not. */
final class AcceleratorRefusalTest {

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
  void badRequestsAreRefusedWithTheirReasonAndCostTheBackendNothing() {
    refused(request -> request.setModel("other"), Status.Code.NOT_FOUND, "MODEL_NOT_FOUND");
    refused(request -> request.setText(""), Status.Code.INVALID_ARGUMENT, "MALFORMED_REQUEST");
    refused(
        GenerateRequest.Builder::clearPrompt, Status.Code.INVALID_ARGUMENT, "MALFORMED_REQUEST");
    refused(
        request -> request.setRequestId("two words"),
        Status.Code.INVALID_ARGUMENT,
        "MALFORMED_REQUEST");
    refused(
        request -> request.setSampling(Sampling.newBuilder().setTemperature(Double.NaN)),
        Status.Code.INVALID_ARGUMENT,
        "MALFORMED_REQUEST");
    refused(
        request -> request.setSampling(Sampling.newBuilder().setMaxOutputTokens(-1)),
        Status.Code.INVALID_ARGUMENT,
        "MALFORMED_REQUEST");
    refused(
        request -> request.setBudget(Budget.newBuilder().setTotal(millis(0))),
        Status.Code.INVALID_ARGUMENT,
        "BUDGET_INVALID");
    refused(
        request -> request.setText("x".repeat(4 * 1024 * 1024)),
        Status.Code.RESOURCE_EXHAUSTED,
        "MESSAGE_TOO_LARGE");
    assertThat(accelerator.backend.pending()).isZero();
  }

  private void refused(Consumer<GenerateRequest.Builder> change, Status.Code code, String reason) {
    GenerateRequest.Builder request = REQUEST.toBuilder();
    change.accept(request);
    assertThatThrownBy(() -> accelerator.stub().generate(request.build()).hasNext())
        .satisfies(
            thrown -> {
              assertThat(Status.fromThrowable(thrown).getCode()).isEqualTo(code);
              assertThat(info(thrown).getReason()).isEqualTo(reason);
              assertThat(info(thrown).getDomain()).isEqualTo("sluice.dev");
            });
  }

  @Test
  void garbageIsRefusedWithItsReason() throws Exception {
    CompletableFuture<Status> end = new CompletableFuture<>();
    ClientCall<byte[], byte[]> call =
        accelerator.channel.newCall(
            InferenceGrpc.getGenerateMethod().toBuilder(new RequestBytes(), new ResponseBytes())
                .build(),
            CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status);
          }
        },
        new Metadata());
    call.sendMessage(new byte[] {-1, -1});
    call.halfClose();
    Status status = end.get(20, TimeUnit.SECONDS);
    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).contains("not a sluice.v1.GenerateRequest");
  }

  @Test
  void whatTheBackendSaysBecomesItsStatus() throws InterruptedException {
    fails(new BackendFailure.NeverSent("d"), Status.Code.UNAVAILABLE, "BACKEND_UNREACHABLE");
    fails(
        new BackendFailure.Rejected(Kind.OVERLOADED, 0, "d"),
        Status.Code.UNAVAILABLE,
        "OVERLOADED");
    fails(
        new BackendFailure.Rejected(Kind.INVALID, 0, "d"),
        Status.Code.INVALID_ARGUMENT,
        "MALFORMED_REQUEST");
    fails(
        new BackendFailure.Rejected(Kind.MISCONFIGURED, 0, "d"),
        Status.Code.NOT_FOUND,
        "MODEL_NOT_FOUND");
    fails(
        new BackendFailure.Rejected(Kind.DEADLINE_EXCEEDED, 0, "d"),
        Status.Code.DEADLINE_EXCEEDED,
        "DEADLINE_EXPIRED");
    fails(new BackendFailure.Broke("d"), Status.Code.UNAVAILABLE, "BACKEND_UNREACHABLE");
    fails(new BackendFailure.Stalled("d"), Status.Code.UNAVAILABLE, "BACKEND_STALLED");
    fails(new BackendFailure.Protocol("d"), Status.Code.INTERNAL, "BACKEND_PROTOCOL_ERROR");
  }

  private void fails(BackendFailure failure, Status.Code code, String reason)
      throws InterruptedException {
    Iterator<GenerateResponse> answer = accelerator.stub().generate(REQUEST);
    accelerator.backend.next().sink().failed(failure);
    assertThatThrownBy(answer::hasNext)
        .satisfies(
            thrown -> {
              assertThat(Status.fromThrowable(thrown).getCode()).isEqualTo(code);
              assertThat(info(thrown).getReason()).isEqualTo(reason);
            });
  }

  @Test
  void aBreakAfterTokensSaysHowManyWereDelivered() throws InterruptedException {
    Iterator<GenerateResponse> answer = accelerator.stub().generate(REQUEST);
    HandDrivenBackend.Started call = accelerator.backend.next();
    call.sink().tokens(TokenChunk.ofText(0, 3, "a b c"));
    call.sink().failed(new BackendFailure.Broke("gone"));
    answer.next();
    answer.next();
    assertThatThrownBy(answer::hasNext)
        .satisfies(
            thrown -> {
              assertThat(info(thrown).getReason()).isEqualTo("STREAM_INTERRUPTED");
              assertThat(info(thrown).getMetadataMap()).containsEntry("tokens_delivered", "3");
            });
  }

  @Test
  void anOverloadedBackendsAdviceIsPassedOn() throws InterruptedException {
    Iterator<GenerateResponse> answer = accelerator.stub().generate(REQUEST);
    accelerator
        .backend
        .next()
        .sink()
        .failed(new BackendFailure.Rejected(Kind.OVERLOADED, 250_000_000, "d"));
    assertThatThrownBy(answer::hasNext)
        .satisfies(
            thrown ->
                assertThat(detail(thrown, RetryInfo.class).getRetryDelay()).isEqualTo(millis(250)));
  }

  private static ErrorInfo info(Throwable thrown) {
    return detail(thrown, ErrorInfo.class);
  }

  private static <T extends com.google.protobuf.Message> T detail(Throwable thrown, Class<T> type) {
    try {
      for (Any detail :
          Objects.requireNonNull(StatusProto.fromThrowable(thrown)).getDetailsList()) {
        if (detail.is(type)) {
          return detail.unpack(type);
        }
      }
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("no " + type.getSimpleName() + " in " + thrown);
  }
}
