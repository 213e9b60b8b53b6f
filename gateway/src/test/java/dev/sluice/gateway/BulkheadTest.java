package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.GenerateResponse;
import dev.sluice.v1.InferenceGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.Iterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Most calls at once to one backend, over real sockets. */
@Timeout(60)
final class BulkheadTest {

  private final GatewayFixtures world = new GatewayFixtures(1);

  BulkheadTest() throws IOException {}

  @AfterEach
  void stop() {
    world.assertBooksBalance();
    world.close();
  }

  @Test
  void whoHasAsManyCallsAsItMayIsNotCalledAndAnotherServes() throws Exception {
    Iterator<GenerateResponse> first = ask();
    FakeBackend.Call running = world.slow.next();
    Iterator<GenerateResponse> second = ask();
    FakeBackend.Call elsewhere = world.fast.next();

    StatusRuntimeException error =
        catchThrowableOfType(StatusRuntimeException.class, () -> ask().forEachRemaining(_ -> {}));
    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(error.getStatus().getDescription())
        .contains("has 1 calls of this gateway (limits.max_in_flight_per_backend)");
    assertThat(world.slow.started).hasValue(1);
    assertThat(world.fast.started).hasValue(1);

    elsewhere.answer(1);
    second.forEachRemaining(_ -> {});
    running.answer(1);
    first.forEachRemaining(_ -> {});
  }

  @Test
  void aPlaceIsFreeAgainOnceItsCallHasEnded() throws Exception {
    for (int i = 0; i < 3; i++) {
      Iterator<GenerateResponse> answer = ask();
      world.slow.next().answer(1);
      answer.forEachRemaining(_ -> {});
    }
    assertThat(world.slow.started).hasValue(3);
  }

  private Iterator<GenerateResponse> ask() {
    return InferenceGrpc.newBlockingStub(world.channel)
        .generate(
            GenerateRequest.newBuilder()
                .setModel(GatewayFixtures.MODEL)
                .setText("Azul, world")
                .build());
  }
}
