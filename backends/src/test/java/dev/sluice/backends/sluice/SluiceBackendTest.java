package dev.sluice.backends.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendCall;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.BackendFailure.Rejected.Kind;
import dev.sluice.backends.Completion;
import dev.sluice.backends.Generation;
import dev.sluice.backends.TokenChunk;
import io.grpc.Context;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers as they should be: tokens pass as they are, when they are asked for, until the end. */
final class SluiceBackendTest {

  private static final int ALL = Integer.MAX_VALUE;

  private final World world = new World();

  @AfterEach
  void closeAll() throws Exception {
    world.close();
  }

  @Test
  void tokensPassUndecodedAndTheEndIsRead() {
    world
        .start(
            world.script(
                call -> call.admitted().tokens(0, 1).tokens(1, 2).finished().close(Status.OK)))
        .request(ALL);
    TokenChunk first = world.events.next(TokenChunk.class);
    TokenChunk second = world.events.next(TokenChunk.class);
    assertThat(first.wire()).isEqualTo(ScriptedServer.tokensMessage(0, 1));
    assertThat(second.index()).isEqualTo(1);
    assertThat(second.count()).isEqualTo(2);
    assertThat(world.events.next(Completion.class))
        .isEqualTo(new Completion(Completion.Reason.STOP, 7, 3, 2));
  }

  @Test
  void nothingComesUnaskedButTheEnd() {
    BackendCall call =
        world.start(
            world.script(
                it -> it.admitted().tokens(0, 1).tokens(1, 1).finished().close(Status.OK)));
    call.request(1);
    assertThat(world.events.next(TokenChunk.class).index()).isZero();
    runAnotherToItsEnd();
    assertThat(world.events.pending()).isZero();
    call.request(1);
    assertThat(world.events.next(TokenChunk.class).index()).isEqualTo(1);
    assertThat(world.events.next(Completion.class).outputTokens()).isEqualTo(3);
  }

  /** By then anything else that was on its way has arrived. */
  private void runAnotherToItsEnd() {
    Events others = new Events();
    world.lastBackend().start(Fixtures.generation(), others).request(ALL);
    others.next(TokenChunk.class);
    others.next(TokenChunk.class);
    others.next(Completion.class);
  }

  @Test
  void anAnswerThatIsWholeStaysSoWhenTheStreamFailsAfterIt() {
    world
        .start(
            world.script(call -> call.admitted().tokens(0, 3).finished().close(Status.UNAVAILABLE)))
        .request(ALL);
    world.events.next(TokenChunk.class);
    world.events.next(Completion.class);
  }

  @Test
  void cancellingReachesTheServerAndSilencesTheSink() {
    ScriptedServer server = world.script(call -> call.admitted().tokens(0, 1));
    BackendCall call = world.start(server);
    call.request(1);
    world.events.next(TokenChunk.class);
    call.cancel();
    server.awaitCancel();
    call.cancel();
    call.request(1);
    assertThat(world.events.pending()).isZero();
  }

  @Test
  void aSlowReaderHoldsTheServerBack() {
    AtomicInteger sent = new AtomicInteger();
    ScriptedServer server =
        world.script(
            call -> {
              call.admitted();
              Runnable more =
                  () -> {
                    while (call.isReady() && sent.get() < 100_000) {
                      call.tokens(sent.getAndIncrement(), 1);
                    }
                  };
              call.onReady(more);
              more.run();
            });
    BackendCall call = world.start(server);
    call.request(1);
    world.events.next(TokenChunk.class);
    Fixtures.until(new Settled(sent)::holds);
    int before = sent.get();
    assertThat(before * ScriptedServer.tokensMessage(1000, 1).length).isLessThan(192 * 1024);
    call.request(20_000);
    Fixtures.until(() -> sent.get() > before + 10_000);
    call.cancel();
  }

  /** Whether a number has stayed the same for a while. */
  private static final class Settled {
    private final AtomicInteger number;
    private int seen;
    private int times;

    private Settled(AtomicInteger number) {
      this.number = number;
    }

    boolean holds() {
      times = number.get() == seen ? times + 1 : 0;
      seen = number.get();
      return times > 50;
    }
  }

  @Test
  void theDeadlineIsTheBackendsToo() {
    Generation.Terms terms =
        new Generation.Terms(TimeUnit.MILLISECONDS.toNanos(50), 0, 0, 0, "", "", 0);
    ScriptedServer server = world.script(_ -> {});
    world.backendAt(server.address()).start(Fixtures.generation(terms), world.events).request(ALL);
    assertThat(world.events.next(BackendFailure.Rejected.class).kind())
        .isEqualTo(Kind.DEADLINE_EXCEEDED);
    server.awaitCancel();
  }

  @Test
  void anInboundCallsEndDoesNotEndTheGeneration() {
    ScriptedServer server = world.script(call -> call.admitted().tokens(0, 1));
    Backend backend = world.backendAt(server.address());
    Context.CancellableContext inbound = Context.ROOT.withCancellation();
    BackendCall[] call = new BackendCall[1];
    inbound.run(() -> call[0] = backend.start(Fixtures.generation(), world.events));
    call[0].request(1);
    world.events.next(TokenChunk.class);
    inbound.cancel(null);
    runUntilAnswered(backend);
    assertThat(world.events.pending()).isZero();
    call[0].cancel();
  }

  private static void runUntilAnswered(Backend backend) {
    Events others = new Events();
    BackendCall call = backend.start(Fixtures.generation(), others);
    call.request(1);
    others.next(TokenChunk.class);
    call.cancel();
  }

  @Test
  void closingBreaksWhatRuns() {
    world.start(world.script(call -> call.admitted().tokens(0, 1))).request(1);
    world.events.next(TokenChunk.class);
    world.lastBackend().close();
    world.events.next(BackendFailure.Broke.class);
    assertThat(world.lastBackend().reachable()).isFalse();
    world.lastBackend().start(Fixtures.generation(), world.events).request(1);
    world.events.next(BackendFailure.NeverSent.class);
  }
}
