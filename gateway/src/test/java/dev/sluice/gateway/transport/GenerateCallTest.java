package dev.sluice.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.call.CallHandler;
import dev.sluice.gateway.call.InboundCall;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.v1.GenerateRequest;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class GenerateCallTest {

  private final List<InboundCall> handled = new ArrayList<>();
  private final List<Reason> unreadable = new ArrayList<>();
  private final FakeServerCall wire = new FakeServerCall();
  private final RequestReader reader = new RequestReader(new Requests(1, _ -> 1));
  private final RequestCall.Surroundings surroundings =
      new RequestCall.Surroundings(
          new CallHandler() {
            @Override
            public void handle(InboundCall call) {
              handled.add(call);
            }

            @Override
            public void unreadable(Failure failure, long arrivalNanos) {
              unreadable.add(failure.reason());
            }
          },
          () -> 1_000,
          100);

  @Test
  void theCallersTimeoutIsTheRequestsDeadlineEvenWhenItHasPassed() {
    try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        Context.CancellableContext late =
            Context.current().withDeadlineAfter(-5, TimeUnit.MILLISECONDS, timer)) {
      late.run(() -> deliver(new GenerateCall(wire, new Metadata(), surroundings, reader)));
    }
    assertThat(handled.getFirst().request().timing().deadlineNanos()).isLessThan(1_000);
  }

  @Test
  void withoutATimeoutThereIsNoDeadline() {
    deliver(new GenerateCall(wire, new Metadata(), surroundings, reader));
    assertThat(handled.getFirst().request().timing().deadlineNanos()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aCallWithoutAMessageIsRefused() {
    new GenerateCall(wire, new Metadata(), surroundings, reader).onHalfClose();
    assertThat(wire.closed).containsExactly(Status.Code.INVALID_ARGUMENT);
    assertThat(unreadable).containsExactly(Reason.MALFORMED_REQUEST);
    assertThat(handled).isEmpty();
  }

  @Test
  void aCancellationBeforeAnybodyListensIsNotLost() {
    GenerateCall call = new GenerateCall(wire, new Metadata(), surroundings, reader);
    deliver(call);
    call.onCancel();
    List<String> heard = new ArrayList<>();
    call.listen(() -> heard.add("ready"), () -> heard.add("cancelled"));
    assertThat(heard).containsExactly("cancelled");
  }

  @Test
  void nothingIsWrittenAfterTheEnd() {
    GenerateCall call = new GenerateCall(wire, new Metadata(), surroundings, reader);
    deliver(call);
    call.failed(Failure.of(Reason.INTERNAL, "m"), 0);
    call.encodedTokens(new byte[] {1});
    call.failed(Failure.of(Reason.INTERNAL, "m"), 0);
    assertThat(wire.sent).isZero();
    assertThat(wire.closed).hasSize(1);
  }

  private static void deliver(GenerateCall call) {
    call.onMessage(
        new RequestMessage(
            GenerateRequest.newBuilder().setModel("m").setText("x").build().toByteArray()));
    call.onHalfClose();
  }
}
