package dev.sluice.backends.emulated.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Completion;
import dev.sluice.backends.TokenChunk;
import dev.sluice.backends.emulated.fault.MisbehaviourText;
import org.junit.jupiter.api.Test;

/** What becomes of an answer on its way to a caller who is to be failed. */
final class BadAnswerTest {

  private final HandTurnedStage stage = new HandTurnedStage();
  private final RecordingWire wire = new RecordingWire();

  /** An answer of four tokens, "a" to "d", in chunks of one, two and one; the second is index 5. */
  private void answer(String ways) {
    BadAnswer answer = told(ways);
    answer.tokens(TokenChunk.ofText(4, 1, "a"));
    answer.tokens(TokenChunk.ofText(5, 2, "bc"));
    answer.tokens(TokenChunk.ofText(7, 1, "d"));
    answer.finished(new Completion(Completion.Reason.STOP, 3, 4, 0));
  }

  private BadAnswer told(String ways) {
    return new BadAnswer(MisbehaviourText.parse(ways), wire, stage, wire, _ -> 1);
  }

  @Test
  void tokensThatCameTogetherArePartedAndNothingElseChanges() {
    answer("stall-after=99");
    assertThat(wire.events).containsExactly("4:a", "5:b", "6:c", "7:d", "finished 4");
    assertThat(wire.chunksLeft).isEqualTo(3);
  }

  @Test
  void aStopTextThatWasCutAwayStaysCutAway() {
    BadAnswer answer = new BadAnswer(MisbehaviourText.parse("gap=9"), wire, stage, wire, _ -> 3);
    answer.tokens(TokenChunk.ofText(0, 3, "abcd"));
    assertThat(wire.events).containsExactly("0:abc", "1:d", "2:");
  }

  @Test
  void aStallEndsTheTokensAndNotTheCall() {
    answer("stall-after=2");
    assertThat(wire.events).containsExactly("4:a", "5:b", "begin");
    // the second chunk never left, so that nothing more is asked of the backend
    assertThat(wire.chunksLeft).isEqualTo(1);
  }

  @Test
  void aStallAfterNothingBeginsTheAnswer() {
    answer("stall-after=0");
    assertThat(wire.events).containsExactly("begin");
  }

  @Test
  void deathComesAfterExactlySoManyTokens() {
    answer("die-after=3");
    assertThat(wire.events).containsExactly("4:a", "5:b", "6:c", "died");
  }

  @Test
  void deathAfterTheLastTokenComesBeforeTheAccount() {
    answer("die-after=4");
    assertThat(wire.events).containsExactly("4:a", "5:b", "6:c", "7:d", "died");
  }

  @Test
  void anErrorTellsHowManyTokensCameBefore() {
    answer("fail-after=1/DATA_LOSS");
    assertThat(wire.events).containsExactly("4:a", "DATA_LOSS 1");
  }

  @Test
  void aShortStreamEndsAsIfAllWereWell() {
    answer("short=2");
    assertThat(wire.drain()).containsExactly("4:a", "5:b", "OK");
    answer("short");
    assertThat(wire.events).containsExactly("4:a", "5:b", "6:c", "7:d", "OK");
  }

  @Test
  void anOverclaimCountsTokensThatWereNeverSent() {
    answer("overclaim=3");
    assertThat(wire.events).containsExactly("4:a", "5:b", "6:c", "7:d", "finished 7");
  }

  @Test
  void tokensAreDoubledLeftOutOrSpoiltWhereTold() {
    answer("duplicate=1,gap=2,garbage=3");
    assertThat(wire.events).containsExactly("4:a", "5:b", "5:b", "begin", "garbage", "finished 4");
    assertThat(wire.chunksLeft).isEqualTo(3);
  }

  @Test
  void aGoodbyeBreaksNothingOfTheAnswer() {
    answer("goaway=2");
    assertThat(wire.events).containsExactly("4:a", "5:b", "goaway", "6:c", "7:d", "finished 4");
  }

  @Test
  void aLateFirstTokenHoldsUpWhatFollows() {
    answer("late=2s");
    stage.turnMillis(1_999);
    assertThat(wire.events).isEmpty();
    stage.turnMillis(1);
    assertThat(wire.events).containsExactly("4:a", "5:b", "6:c", "7:d", "finished 4");
  }

  @Test
  void aDripLetsOneTokenOutAtATime() {
    answer("drip=2s");
    assertThat(wire.drain()).containsExactly("4:a");
    stage.turnMillis(2_000);
    assertThat(wire.drain()).containsExactly("5:b");
    stage.turnMillis(2_000);
    assertThat(wire.drain()).containsExactly("6:c");
    stage.turnMillis(1_999);
    assertThat(wire.drain()).isEmpty();
    stage.turnMillis(1);
    assertThat(wire.drain()).containsExactly("7:d", "finished 4");
  }

  @Test
  void aSlowAcceleratorTakesItsFactorTimesAsLong() {
    BadAnswer answer = told("slow=4");
    stage.turnMillis(100);
    answer.tokens(TokenChunk.ofText(0, 1, "a"));
    stage.turnMillis(10);
    answer.tokens(TokenChunk.ofText(1, 1, "b"));
    stage.turnMillis(289);
    assertThat(wire.events).isEmpty();
    stage.turnMillis(1);
    assertThat(wire.drain()).containsExactly("0:a");
    stage.turnMillis(40);
    assertThat(wire.drain()).containsExactly("1:b");
  }

  @Test
  void waysAddUp() {
    answer("late=1s,drip=1s,die-after=2");
    stage.turnMillis(2_000);
    assertThat(wire.drain()).containsExactly("4:a", "5:b");
    stage.turnMillis(1_000);
    assertThat(wire.drain()).containsExactly("died");
  }

  @Test
  void aFailureOfTheBackendKeepsItsPlace() {
    BadAnswer answer = told("drip=1s");
    answer.tokens(TokenChunk.ofText(0, 2, "ab"));
    answer.failed(new BackendFailure.Broke("gone"));
    assertThat(wire.drain()).containsExactly("0:a");
    stage.turnMillis(1_000);
    assertThat(wire.drain()).containsExactly("1:b", "UNAVAILABLE 2");
  }

  @Test
  void aCallerWhoIsGoneGetsNothingMore() {
    answer("drip=1s,die-after=3");
    wire.open = false;
    stage.turnMillis(10_000);
    assertThat(wire.events).containsExactly("4:a");
  }
}
