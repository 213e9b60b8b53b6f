package dev.sluice.gateway.transport.oip;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.sluice.gateway.call.CallHandler;
import dev.sluice.gateway.call.InboundCall;
import dev.sluice.gateway.core.request.Catalogue;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.transport.FakeServerCall;
import dev.sluice.gateway.transport.RequestCall;
import dev.sluice.gateway.transport.RequestMessage;
import dev.sluice.gateway.transport.Requests;
import dev.sluice.inference.ModelInferRequest;
import dev.sluice.inference.ModelInferRequest.InferInputTensor;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One stream by hand: what is asked of the caller, and when it ends. */
final class StreamCallTest {

  private static final Failure FAILURE = Failure.of(Reason.INTERNAL, "m");

  private final List<InboundCall> handled = new ArrayList<>();
  private final FakeServerCall wire = new FakeServerCall();
  private final StreamCall stream =
      new StreamCall(
          wire,
          new Metadata(),
          new RequestCall.Surroundings(
              new CallHandler() {
                @Override
                public void handle(InboundCall call) {
                  handled.add(call);
                }

                @Override
                public void unreadable(Failure failure, long arrivalNanos) {}
              },
              () -> 1_000,
              10_000),
          new InferReader(new Requests(1, _ -> 1), new Catalogue(List.of(), List.of())));

  @Test
  void noMoreRequestsAreReadThanMayBeOpenAndTheNextWhenOneIsOver() {
    for (int i = 0; i < StreamCall.MOST_OPEN; i++) {
      deliver();
    }
    assertThat(handled).hasSize(StreamCall.MOST_OPEN);
    assertThat(wire.asked).as("messages asked for beyond those").isZero();
    handled.get(7).failed(FAILURE, 0);
    assertThat(wire.asked).isEqualTo(1);
    handled.get(9).failed(FAILURE, 0);
    assertThat(wire.asked).as("one at a time").isEqualTo(1);
    deliver();
    assertThat(wire.asked).as("there is room for one more").isEqualTo(1);
    deliver();
    assertThat(wire.asked).isZero();
  }

  @Test
  void theStreamEndsWhenTheCallerHasSaidAllAndAllIsAnswered() {
    deliver();
    deliver();
    stream.onHalfClose();
    handled.get(1).failed(FAILURE, 0);
    assertThat(wire.closed).isEmpty();
    handled.get(0).failed(FAILURE, 0);
    assertThat(wire.sent).isEqualTo(2);
    assertThat(wire.closed).containsExactly(Status.Code.OK);
  }

  @Test
  void aCallerWhoSaysNothingIsAnsweredWithNothing() {
    stream.onHalfClose();
    assertThat(wire.closed).containsExactly(Status.Code.OK);
  }

  @Test
  void aCancellationReachesAllRequestsEvenWhenNobodyListenedYet() {
    deliver();
    deliver();
    List<String> heard = new ArrayList<>();
    handled.get(0).listen(() -> heard.add("ready"), () -> heard.add("cancelled"));
    stream.onReady();
    stream.onCancel();
    handled.get(1).listen(() -> heard.add("ready"), () -> heard.add("cancelled late"));
    assertThat(heard).containsExactly("ready", "cancelled", "cancelled late");
    handled.get(0).failed(FAILURE, 0);
    assertThat(wire.sent).isZero();
    assertThat(wire.closed).isEmpty();
  }

  private void deliver() {
    assertThat(wire.asked).as("messages asked for").isPositive();
    wire.asked--;
    stream.onMessage(
        new RequestMessage(
            ModelInferRequest.newBuilder()
                .setModelName("m")
                .addInputs(
                    InferInputTensor.newBuilder()
                        .setName("text_input")
                        .setDatatype("BYTES")
                        .addShape(1))
                .addRawInputContents(ByteString.copyFrom(new byte[] {1, 0, 0, 0, 'x'}))
                .build()
                .toByteArray()));
  }
}
