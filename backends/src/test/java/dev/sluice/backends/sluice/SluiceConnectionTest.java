package dev.sluice.backends.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Completion;
import dev.sluice.backends.TokenChunk;
import dev.sluice.backends.grpc.Address;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections that are refused, lost, reset, shared and found again. */
final class SluiceConnectionTest {

  private static final int ALL = Integer.MAX_VALUE;

  private final World world = new World();

  @AfterEach
  void closeAll() throws Exception {
    world.close();
  }

  @Test
  void aRefusedConnectionMeansNothingWasSent() {
    Address nobody = Fixtures.nobody();
    world.start(nobody);
    BackendFailure.NeverSent failure = world.events.next(BackendFailure.NeverSent.class);
    assertThat(failure.detail()).contains(nobody.toString()).contains("Connection refused");
    Fixtures.until(() -> !world.lastBackend().reachable());
  }

  @Test
  void aBackendThatComesBackIsReachableAgain() {
    Address nobody = Fixtures.nobody();
    world.start(nobody);
    world.events.next(BackendFailure.NeverSent.class);
    Fixtures.until(() -> !world.lastBackend().reachable());
    world.closeLater(
        new ScriptedServer(
            nobody.port(), call -> call.admitted().tokens(0, 1).finished().close(Status.OK)));
    Fixtures.until(() -> world.lastBackend().reachable());
    world.lastBackend().start(Fixtures.generation(), world.events).request(ALL);
    world.events.next(TokenChunk.class);
    world.events.next(Completion.class);
  }

  @Test
  void aBackendThatDiesIsNoticedWithoutACall() {
    ScriptedServer server = world.script(call -> call.admitted().finished().close(Status.OK));
    world.start(server);
    world.events.next(Completion.class);
    server.close();
    Fixtures.until(() -> !world.lastBackend().reachable());
  }

  @Test
  void aBackendThatSaysItIsNotServingIsNotReachableUntilItSaysSo() {
    ScriptedServer server = world.script(call -> call.admitted().finished().close(Status.OK));
    Backend backend = world.backendAt(server.address());
    assertThat(backend.reachable()).isTrue();
    server.health.setStatus("", ServingStatus.NOT_SERVING);
    Fixtures.until(() -> !backend.reachable());
    server.health.setStatus("", ServingStatus.SERVING);
    Fixtures.until(backend::reachable);
  }

  @Test
  void aBackendThatComesBackIsAskedForItsHealthAgain() {
    ScriptedServer server = world.script(call -> call.admitted().finished().close(Status.OK));
    Backend backend = world.backendAt(server.address());
    server.health.setStatus("", ServingStatus.NOT_SERVING);
    Fixtures.until(() -> !backend.reachable());
    int port = server.address().port();
    server.close();
    ScriptedServer again =
        new ScriptedServer(port, call -> call.admitted().finished().close(Status.OK));
    world.closeLater(again);
    Fixtures.until(backend::reachable);
    again.health.setStatus("", ServingStatus.NOT_SERVING);
    Fixtures.until(() -> !backend.reachable());
  }

  @Test
  void aRefusedStreamMeansNothingWasDone() {
    world.start(world.raw(RawServer.resetStream(7), RawServer.Then.STAY));
    world.events.next(BackendFailure.NeverSent.class);
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "2", "8", "11"})
  void anyOtherResetIsABreak(int errorCode) {
    world.start(world.raw(RawServer.resetStream(errorCode), RawServer.Then.STAY));
    world.events.next(BackendFailure.Broke.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = RawServer.Then.class,
      names = {"END", "RESET"})
  void aConnectionThatEndsInACallIsABreak(RawServer.Then then) {
    world.start(world.raw(new byte[0], then));
    world.events.next(BackendFailure.Broke.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = RawServer.Then.class,
      names = {"END", "RESET"})
  void aConnectionThatEndsAfterATokenIsABreak(RawServer.Then then) {
    byte[] admitted = {0x0a, 0};
    byte[] token = ScriptedServer.tokensMessage(0, 1);
    byte[] frames = RawServer.concat(RawServer.framed(admitted), RawServer.framed(token));
    world.start(world.raw(RawServer.answer(frames), then)).request(ALL);
    world.events.next(TokenChunk.class);
    world.events.next(BackendFailure.Broke.class);
  }

  @Test
  void aGoodbyeThatExcludesTheRequestMeansNothingWasDone() {
    world.start(world.raw(RawServer.goAway(1, 0), RawServer.Then.STAY));
    world.events.next(BackendFailure.NeverSent.class);
  }

  @Test
  void severalConnectionsShareTheWork() {
    ScriptedServer server =
        world.script(call -> call.admitted().tokens(0, 1).finished().close(Status.OK));
    Backend backend = new SluiceBackend(server.address(), TimeUnit.SECONDS.toNanos(60), 3);
    world.closeLater(backend);
    for (int i = 0; i < 7; i++) {
      backend.start(Fixtures.generation(), world.events).request(1);
      world.events.next(TokenChunk.class);
      world.events.next(Completion.class);
    }
    assertThat(backend.toString()).contains("READY, READY, READY");
  }
}
