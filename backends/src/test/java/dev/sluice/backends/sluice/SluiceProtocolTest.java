package dev.sluice.backends.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.TokenChunk;
import dev.sluice.v1.FinishReason;
import dev.sluice.v1.GenerateResponse;
import dev.sluice.v1.Tokens;
import io.grpc.Status;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Servers that break the protocol. */
final class SluiceProtocolTest {

  private static final int ALL = Integer.MAX_VALUE;

  private final World world = new World();

  @AfterEach
  void closeAll() throws Exception {
    world.close();
  }

  @Test
  void garbageIsAProtocolError() {
    violates(call -> call.admitted().send(new byte[] {-1, -1, -1}));
    violates(call -> call.admitted().send(new byte[0]));
    violates(call -> call.send(new byte[] {-1}));
  }

  @Test
  void textThatIsNotUtf8IsAProtocolError() {
    byte[] message = ScriptedServer.tokensMessage(0, 1);
    message[message.length - 1] = (byte) 0xff;
    violates(call -> call.admitted().send(message));
  }

  @Test
  void aGapIsAProtocolError() {
    violates(call -> call.admitted().tokens(1, 1));
    violates(call -> call.admitted().tokens(0, 2).tokens(3, 1));
  }

  @Test
  void whatComesTwiceIsForTheSinkToDrop() {
    world
        .start(world.script(call -> call.admitted().tokens(0, 2).tokens(1, 1).tokens(2, 1)))
        .request(ALL);
    for (int index : new int[] {0, 1, 2}) {
      assertThat(world.events.next(TokenChunk.class).index()).isEqualTo(index);
    }
  }

  @Test
  void anOrderOfEventsThatIsNotTheProtocolsIsAProtocolError() {
    violates(call -> call.tokens(0, 1));
    violates(ScriptedServer.Call::finished);
    violates(call -> call.admitted().admitted());
    violates(call -> call.admitted().finished().tokens(0, 1));
    violates(
        call ->
            call.admitted()
                .send(ScriptedServer.finishedMessage(FinishReason.FINISH_REASON_UNSPECIFIED)));
  }

  @Test
  void anEndWithoutItsAccountIsAProtocolError() {
    violates(call -> call.close(Status.OK));
    violates(call -> call.admitted().tokens(0, 1).close(Status.OK));
  }

  @Test
  void aMessageBeyondTheLimitIsAProtocolError() {
    byte[] large =
        GenerateResponse.newBuilder()
            .setTokens(Tokens.newBuilder().setCount(1).setText("x".repeat(4 * 1024 * 1024)))
            .build()
            .toByteArray();
    violates(call -> call.admitted().send(large));
  }

  @Test
  void aStreamThatIsNotFramedAsGrpcIsAProtocolError() {
    byte[] noise = {77, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    world.start(world.raw(RawServer.answer(noise), RawServer.Then.STAY)).request(ALL);
    world.events.next(BackendFailure.Protocol.class);
  }

  // ---- arrangements

  private void violates(Consumer<ScriptedServer.Call> answer) {
    world.start(world.script(answer)).request(ALL);
    Object event = world.events.next(Object.class);
    while (event instanceof TokenChunk) {
      event = world.events.next(Object.class);
    }
    assertThat(event).isInstanceOf(BackendFailure.Protocol.class);
  }
}
