package dev.sluice.gateway.core.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.core.CoreFixtures;
import dev.sluice.gateway.core.attempt.AttemptCommand.Cause;
import dev.sluice.gateway.core.attempt.AttemptCommand.Why;
import dev.sluice.gateway.core.attempt.AttemptEvent.Again;
import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.policy.Candidate;
import dev.sluice.gateway.core.policy.RoutingDecision;
import dev.sluice.gateway.core.prediction.Forecast;
import dev.sluice.gateway.core.prediction.Prediction;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.core.request.Resumption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class AttemptMachineTest {

  private static final long MILLISECOND = 1_000_000;
  private static final long SECOND = 1_000 * MILLISECOND;
  private static final Failure DOWN = Failure.of(Reason.BACKEND_UNREACHABLE, "down");
  private static final Failure WRONG = Failure.of(Reason.MALFORMED_REQUEST, "wrong");

  /** First token in 100 ms, then one each 10 ms. */
  private final Candidate candidate = candidate(100 * MILLISECOND);

  private final RoutingDecision another =
      new RoutingDecision.Route(CoreFixtures.admitted(1, 1, Budget.NONE), candidate);
  private final RoutingDecision nobody =
      new RoutingDecision.Refuse(Failure.of(Reason.NO_BACKEND_AVAILABLE, "none"));

  private AttemptMachine machine = machine(Resumption.EXACT, 0);

  private static AttemptMachine machine(Resumption resumption, long hedgeNanos) {
    return new AttemptMachine(
        new AttemptTerms(Budget.NONE, 60 * SECOND, resumption, hedgeNanos), new Purse(() -> true));
  }

  private static Candidate candidate(long firstTokenNanos) {
    return new Candidate(
        DeploymentState.fresh(CoreFixtures.gpu(0, "gpu")),
        new Prediction(
            0,
            false,
            new double[0],
            new double[0],
            new Forecast(
                firstTokenNanos, 10 * MILLISECOND, SECOND, 1, firstTokenNanos, 10 * MILLISECOND)),
        0);
  }

  private List<AttemptCommand> started() {
    return machine.start(candidate, 0);
  }

  private List<AttemptCommand> tokens(int attempt, int index, int count, long nowNanos) {
    return machine.on(new AttemptEvent.Tokens(attempt, index, count), nowNanos);
  }

  private List<AttemptCommand> failed(int attempt, long nowNanos) {
    return machine.on(new AttemptEvent.Failed(attempt, DOWN, Again.ELSEWHERE), nowNanos);
  }

  private List<AttemptCommand> chosen(RoutingDecision decision, long nowNanos) {
    return machine.on(new AttemptEvent.Chosen(decision), nowNanos);
  }

  /** Permits that chance grants. */
  private static final class Purse implements Permits {
    private final BooleanSupplier grants;
    private int loans;

    Purse(BooleanSupplier grants) {
      this.grants = grants;
    }

    @Override
    public boolean tryTake(long nowNanos) {
      return grants.getAsBoolean();
    }

    @Override
    public boolean tryBorrow(long nowNanos) {
      boolean granted = grants.getAsBoolean();
      loans += granted ? 1 : 0;
      return granted;
    }

    @Override
    public void giveBack() {
      loans--;
    }
  }

  @Test
  void aContinuationWaitsForAPermitAsLongAsAStallIsBorne() {
    boolean[] granted = {false};
    machine =
        new AttemptMachine(
            new AttemptTerms(Budget.NONE, 60 * SECOND, Resumption.EXACT, 0),
            new Purse(() -> granted[0]));
    started();
    tokens(1, 0, 1, 0);
    assertThat(failed(1, SECOND))
        .containsExactly(new AttemptCommand.WakeAt(SECOND + 25 * MILLISECOND));
    granted[0] = true;
    assertThat(machine.on(new AttemptEvent.Woken(false), SECOND + 25 * MILLISECOND))
        .containsExactly(
            new AttemptCommand.WakeAt(60 * SECOND), new AttemptCommand.ChooseAnother(1));
    chosen(another, SECOND + 25 * MILLISECOND);
    tokens(2, 1, 1, 2 * SECOND);
    granted[0] = false;
    failed(2, 3 * SECOND);
    assertThat(machine.on(new AttemptEvent.Woken(false), 8 * SECOND))
        .containsExactly(
            new AttemptCommand.FinishFailed(Failure.of(Reason.STREAM_INTERRUPTED, "down")));
  }

  @Test
  void aFailureBeforeTheFirstTokenIsTriedElsewhereOnce() {
    started();
    assertThat(failed(1, 1)).containsExactly(new AttemptCommand.ChooseAnother(0));
    assertThat(chosen(another, 1)).contains(new AttemptCommand.Start(2, candidate, 0));
    assertThat(failed(2, 2)).containsExactly(new AttemptCommand.FinishFailed(DOWN));
  }

  @Test
  void aRequestThatIsWrongIsNotTriedAgain() {
    started();
    assertThat(machine.on(new AttemptEvent.Failed(1, WRONG, Again.NEVER), 1))
        .containsExactly(new AttemptCommand.FinishFailed(WRONG));
  }

  @Test
  void whenNobodyElseCanServeTheFirstFailureIsTheAnswer() {
    started();
    failed(1, 1);
    assertThat(chosen(nobody, 1)).containsExactly(new AttemptCommand.FinishFailed(DOWN));
  }

  @Test
  void withoutAPermitNothingIsTriedAgain() {
    machine =
        new AttemptMachine(
            new AttemptTerms(Budget.NONE, 60 * SECOND, Resumption.EXACT, 0),
            new Purse(() -> false));
    started();
    assertThat(failed(1, 1)).containsExactly(new AttemptCommand.FinishFailed(DOWN));
  }

  @Test
  void anAnswerThatBreaksOffGoesOnFromItsNextToken() {
    started();
    tokens(1, 0, 3, 1);
    assertThat(failed(1, 2)).containsExactly(new AttemptCommand.ChooseAnother(3));
    assertThat(chosen(another, 2)).contains(new AttemptCommand.Start(2, candidate, 3));
    assertThat(tokens(2, 3, 1, 3)).containsExactly(new AttemptCommand.Deliver());
    assertThat(machine.on(new AttemptEvent.Completed(2, 4), 4))
        .containsExactly(new AttemptCommand.FinishComplete(2));
  }

  @Test
  void anAnswerIsContinuedTwiceAtMost() {
    started();
    for (int resume = 0; resume < AttemptMachine.MAX_RESUMES; resume++) {
      tokens(resume + 1, resume, 1, 1);
      assertThat(failed(resume + 1, 2))
          .containsExactly(new AttemptCommand.ChooseAnother(resume + 1));
      chosen(another, 2);
    }
    tokens(3, 2, 1, 3);
    assertThat(failed(3, 4))
        .containsExactly(
            new AttemptCommand.FinishFailed(Failure.of(Reason.STREAM_INTERRUPTED, "down")));
  }

  @Test
  void aBackendThatRefusesToGoOnIsNotWhatTheCallerHearsOf() {
    started();
    tokens(1, 0, 2, 1);
    failed(1, 2);
    chosen(another, 2);
    assertThat(machine.on(new AttemptEvent.Failed(2, WRONG, Again.NEVER), 3))
        .containsExactly(new AttemptCommand.ChooseAnother(2));
    assertThat(chosen(nobody, 3))
        .containsExactly(
            new AttemptCommand.FinishFailed(Failure.of(Reason.STREAM_INTERRUPTED, "down")));
  }

  @Test
  void aCallerWhoTakesNoContinuationHearsThatTheStreamWasInterrupted() {
    machine = machine(Resumption.NEVER, 0);
    started();
    tokens(1, 0, 2, 1);
    assertThat(failed(1, 2))
        .containsExactly(
            new AttemptCommand.FinishFailed(Failure.of(Reason.STREAM_INTERRUPTED, "down")));
  }

  @Test
  void anAnswerShorterThanItsOwnAccountIsNotShownAsWhole() {
    machine = machine(Resumption.NEVER, 0);
    started();
    tokens(1, 0, 2, 1);
    List<AttemptCommand> commands = machine.on(new AttemptEvent.Completed(1, 3), 2);
    assertThat(commands).hasSize(1);
    assertThat(commands.getFirst())
        .isInstanceOfSatisfying(
            AttemptCommand.FinishFailed.class,
            end -> assertThat(end.failure().reason()).isEqualTo(Reason.STREAM_INTERRUPTED));
  }

  @Test
  void whatComesTwiceIsDroppedAndAGapEndsTheAttempt() {
    started();
    tokens(1, 0, 2, 1);
    assertThat(tokens(1, 1, 1, 2)).containsExactly(new AttemptCommand.Discard(Cause.DUPLICATE));
    assertThat(tokens(1, 3, 1, 2))
        .containsExactly(
            new AttemptCommand.Cancel(1, Why.FAULTY),
            new AttemptCommand.Discard(Cause.LATE),
            new AttemptCommand.ChooseAnother(2));
  }

  @Test
  void aBackendSilentForFourTimesItsForecastIsLeftWhenAnotherCanServe() {
    assertThat(started()).contains(new AttemptCommand.WakeAt(400 * MILLISECOND));
    assertThat(machine.on(new AttemptEvent.Woken(false), 400 * MILLISECOND))
        .containsExactly(
            new AttemptCommand.WakeAt(60 * SECOND), new AttemptCommand.ChooseAnother(0));
    assertThat(chosen(another, 400 * MILLISECOND))
        .startsWith(
            new AttemptCommand.Cancel(1, Why.SLOW), new AttemptCommand.Start(2, candidate, 0));
  }

  @Test
  void aSilentBackendIsBorneForFiveSecondsWhenThereIsNobodyElse() {
    started();
    machine.on(new AttemptEvent.Woken(false), 400 * MILLISECOND);
    assertThat(chosen(nobody, 400 * MILLISECOND))
        .containsExactly(new AttemptCommand.WakeAt(5 * SECOND));
    assertThat(machine.on(new AttemptEvent.Woken(false), 5 * SECOND))
        .contains(new AttemptCommand.Cancel(1, Why.FAULTY));
  }

  @Test
  void aStallIsFoundAndTheAnswerGoesOnElsewhere() {
    started();
    tokens(1, 0, 1, 100 * MILLISECOND);
    List<AttemptCommand> asleep = machine.on(new AttemptEvent.Woken(false), 400 * MILLISECOND);
    assertThat(asleep).containsExactly(new AttemptCommand.WakeAt(2_600 * MILLISECOND));
    assertThat(machine.on(new AttemptEvent.Woken(false), 2_600 * MILLISECOND))
        .containsExactly(
            new AttemptCommand.WakeAt(60 * SECOND),
            new AttemptCommand.Cancel(1, Why.FAULTY),
            new AttemptCommand.ChooseAnother(1));
  }

  @Test
  void aStallIsFoundInItsTimeAlsoWhenTheFirstTokenWasExpectedMuchLater() {
    Candidate slow = candidate(4 * SECOND);
    assertThat(machine.start(slow, 0)).contains(new AttemptCommand.WakeAt(8 * SECOND));
    assertThat(tokens(1, 0, 1, SECOND))
        .containsExactly(
            new AttemptCommand.Deliver(), new AttemptCommand.WakeAt(3_500 * MILLISECOND));
  }

  @Test
  void aDripWithinTheStallLimitIsDelivered() {
    started();
    for (int i = 0; i < 10; i++) {
      long nowNanos = 100 * MILLISECOND + i * 2L * SECOND;
      assertThat(machine.on(new AttemptEvent.Woken(false), nowNanos))
          .allMatch(command -> command instanceof AttemptCommand.WakeAt);
      assertThat(tokens(1, i, 1, nowNanos)).containsExactly(new AttemptCommand.Deliver());
    }
  }

  @Test
  void silenceThatTheCallerAskedForIsNotTheBackends() {
    started();
    tokens(1, 0, 1, 0);
    assertThat(machine.on(new AttemptEvent.Woken(true), 10 * SECOND))
        .containsExactly(new AttemptCommand.WakeAt(40 * SECOND));
    machine.on(new AttemptEvent.CallerReady(), 20 * SECOND);
    assertThat(machine.on(new AttemptEvent.Woken(false), 20 * SECOND))
        .containsExactly(new AttemptCommand.WakeAt(22_500 * MILLISECOND));
  }

  @Test
  void aCallerWhoTakesNothingForHalfAMinuteIsTooSlow() {
    started();
    tokens(1, 0, 1, 0);
    machine.on(new AttemptEvent.Woken(true), 2 * SECOND);
    List<AttemptCommand> commands = machine.on(new AttemptEvent.Woken(true), 32 * SECOND);
    assertThat(commands.getFirst()).isEqualTo(new AttemptCommand.Cancel(1, Why.NOT_NEEDED));
    assertThat(commands.getLast())
        .isInstanceOfSatisfying(
            AttemptCommand.FinishFailed.class,
            end -> assertThat(end.failure().reason()).isEqualTo(Reason.CLIENT_TOO_SLOW));
  }

  @Test
  void ofAHedgeTheFirstToSpeakWinsAndTheOtherIsCancelled() {
    machine = machine(Resumption.EXACT, 50 * MILLISECOND);
    assertThat(started()).contains(new AttemptCommand.WakeAt(50 * MILLISECOND));
    hedged();
    assertThat(tokens(2, 0, 1, 60 * MILLISECOND))
        .containsExactly(
            new AttemptCommand.Cancel(1, Why.NOT_NEEDED), new AttemptCommand.Deliver());
    assertThat(tokens(1, 0, 1, 61 * MILLISECOND))
        .containsExactly(new AttemptCommand.Discard(Cause.LATE));
  }

  private void hedged() {
    assertThat(machine.on(new AttemptEvent.Woken(false), 50 * MILLISECOND))
        .containsExactly(
            new AttemptCommand.WakeAt(60 * SECOND), new AttemptCommand.ChooseAnother(0));
    assertThat(chosen(another, 50 * MILLISECOND))
        .containsExactly(
            new AttemptCommand.Start(2, candidate, 0),
            new AttemptCommand.WakeAt(450 * MILLISECOND));
  }

  @Test
  void aStallIsLookedForAgainWhenTheCallerTakesMore() {
    started();
    tokens(1, 0, 1, 100 * MILLISECOND);
    machine.on(new AttemptEvent.Woken(true), 2_600 * MILLISECOND);
    assertThat(machine.on(new AttemptEvent.CallerReady(), 4 * SECOND))
        .containsExactly(new AttemptCommand.WakeAt(6_500 * MILLISECOND));
    assertThat(machine.on(new AttemptEvent.CallerReady(), 5 * SECOND)).isEmpty();
  }

  @Test
  void anAnswerThatBrokeOffGoesOnWhenTheCallerTakesMore() {
    boolean[] grants = {false};
    machine =
        new AttemptMachine(
            new AttemptTerms(Budget.NONE, 60 * SECOND, Resumption.EXACT, 0),
            new Purse(() -> grants[0]));
    started();
    tokens(1, 0, 1, 100 * MILLISECOND);
    failed(1, 200 * MILLISECOND);
    machine.on(new AttemptEvent.Woken(true), 225 * MILLISECOND);
    grants[0] = true;
    assertThat(machine.on(new AttemptEvent.CallerReady(), SECOND))
        .containsExactly(new AttemptCommand.ChooseAnother(1));
  }

  @Test
  void aHedgeIsConsideredOnceWhetherThereIsAPermitOrNot() {
    machine =
        new AttemptMachine(
            new AttemptTerms(Budget.NONE, 60 * SECOND, Resumption.EXACT, 50 * MILLISECOND),
            new Purse(() -> false));
    started();
    assertThat(machine.on(new AttemptEvent.Woken(false), 50 * MILLISECOND))
        .containsExactly(new AttemptCommand.WakeAt(400 * MILLISECOND));
  }

  @Test
  void aHedgeForWhichThereIsNobodyIsNotLookedForAgain() {
    machine = machine(Resumption.EXACT, 50 * MILLISECOND);
    started();
    machine.on(new AttemptEvent.Woken(false), 50 * MILLISECOND);
    assertThat(chosen(nobody, 50 * MILLISECOND))
        .containsExactly(new AttemptCommand.WakeAt(400 * MILLISECOND));
  }

  @Test
  void ofTwoSilentAttemptsTheOneBegunLastIsWaitedFor() {
    machine = machine(Resumption.EXACT, 50 * MILLISECOND);
    started();
    hedged();
    assertThat(machine.on(new AttemptEvent.Woken(false), 450 * MILLISECOND))
        .containsExactly(new AttemptCommand.WakeAt(5_050 * MILLISECOND));
  }

  @Test
  void whenTheHedgeFailsTheFirstAttemptIsLookedAtAnew() {
    machine = machine(Resumption.EXACT, 50 * MILLISECOND);
    started();
    hedged();
    assertThat(failed(2, 100 * MILLISECOND))
        .containsExactly(new AttemptCommand.WakeAt(400 * MILLISECOND));
  }

  @Test
  void whoSpeaksWhileAnotherIsLookedForIsLookedAtAgain() {
    started();
    machine.on(new AttemptEvent.Woken(false), 400 * MILLISECOND);
    assertThat(tokens(1, 0, 1, 500 * MILLISECOND))
        .containsExactly(new AttemptCommand.Deliver(), new AttemptCommand.WakeAt(3 * SECOND));
    assertThat(chosen(another, 600 * MILLISECOND)).isEmpty();
  }

  @Test
  void whoCanBeginAnAnswerIsNotTakenToGoOnWithOne() {
    started();
    machine.on(new AttemptEvent.Woken(false), 400 * MILLISECOND);
    tokens(1, 0, 2, 500 * MILLISECOND);
    assertThat(failed(1, 550 * MILLISECOND)).isEmpty();
    assertThat(chosen(another, 600 * MILLISECOND))
        .containsExactly(new AttemptCommand.ChooseAnother(2));
    assertThat(chosen(another, 700 * MILLISECOND))
        .startsWith(new AttemptCommand.Start(2, candidate, 2));
  }

  @Test
  void anAnswerThatMayNotGoOnEndsAlsoWhileAnotherIsLookedFor() {
    machine = machine(Resumption.NEVER, 0);
    started();
    machine.on(new AttemptEvent.Woken(false), 400 * MILLISECOND);
    tokens(1, 0, 2, 500 * MILLISECOND);
    assertThat(failed(1, 550 * MILLISECOND))
        .containsExactly(
            new AttemptCommand.FinishFailed(Failure.of(Reason.STREAM_INTERRUPTED, "down")));
    assertThat(chosen(another, 600 * MILLISECOND)).isEmpty();
  }

  @Test
  void aCallerWhoLeavesCancelsWhatRuns() {
    started();
    assertThat(machine.on(new AttemptEvent.CallerCancelled(), 1))
        .startsWith(new AttemptCommand.Cancel(1, Why.NOT_NEEDED))
        .hasSize(2);
  }

  @Test
  void theDeadlineEndsTheRequest() {
    started();
    tokens(1, 0, 1, 1);
    List<AttemptCommand> commands = machine.on(new AttemptEvent.Woken(false), 60 * SECOND);
    assertThat(commands.getFirst()).isEqualTo(new AttemptCommand.Cancel(1, Why.NOT_NEEDED));
    assertThat(commands.getLast())
        .isInstanceOfSatisfying(
            AttemptCommand.FinishFailed.class,
            end -> assertThat(end.failure().reason()).isEqualTo(Reason.DEADLINE_EXPIRED));
  }

  @Test
  void anAnswerThatWasBegunElsewhereIsAskedForFromTheNextToken() {
    machine = begun(Resumption.EXACT, 7);
    assertThat(started()).contains(new AttemptCommand.Start(1, candidate, 7));
    assertThat(tokens(1, 6, 1, 0)).containsExactly(new AttemptCommand.Discard(Cause.DUPLICATE));
    assertThat(tokens(1, 7, 2, 0)).contains(new AttemptCommand.Deliver());
    assertThat(failed(1, 1)).containsExactly(new AttemptCommand.ChooseAnother(9));
    assertThat(chosen(another, 1)).contains(new AttemptCommand.Start(2, candidate, 9));
    assertThat(tokens(2, 9, 1, 2)).contains(new AttemptCommand.Deliver());
    assertThat(machine.on(new AttemptEvent.Completed(2, 10), 3))
        .containsExactly(new AttemptCommand.FinishComplete(2));
    assertThat(machine.delivered()).isEqualTo(10);
  }

  @Test
  void whatTheCallerHadBeforeBindsToNobody() {
    machine = begun(Resumption.NEVER, 7);
    started();
    assertThat(failed(1, 1)).containsExactly(new AttemptCommand.ChooseAnother(7));
    chosen(another, 1);
    assertThat(failed(2, 2))
        .as("as before a first token: tried elsewhere once, and not interrupted")
        .containsExactly(new AttemptCommand.FinishFailed(DOWN));
    machine = begun(Resumption.NEVER, 7);
    started();
    tokens(1, 7, 1, 0);
    assertThat(failed(1, 1))
        .containsExactly(
            new AttemptCommand.FinishFailed(Failure.of(Reason.STREAM_INTERRUPTED, "down")));
  }

  @Test
  void anAnswerThatLackedNothingButItsEndIsCompleteWithoutAToken() {
    machine = begun(Resumption.EXACT, 7);
    started();
    assertThat(machine.on(new AttemptEvent.Completed(1, 7), 1))
        .containsExactly(new AttemptCommand.FinishComplete(1));
  }

  @Test
  void whoHoldsMostMemoryIsEndedAndHearsWhatThatMeansForHisAnswer() {
    started();
    List<AttemptCommand> before = machine.on(new AttemptEvent.Evicted(), 1);
    assertThat(before.getFirst()).isEqualTo(new AttemptCommand.Cancel(1, Why.NOT_NEEDED));
    assertThat(reason(before)).isEqualTo(Reason.OVERLOADED);
    assertThat(machine.on(new AttemptEvent.Evicted(), 2)).isEmpty();
    machine = machine(Resumption.EXACT, 0);
    started();
    tokens(1, 0, 1, 0);
    assertThat(reason(machine.on(new AttemptEvent.Evicted(), 1)))
        .as("nor is it gone on with elsewhere")
        .isEqualTo(Reason.STREAM_INTERRUPTED);
  }

  private static Reason reason(List<AttemptCommand> commands) {
    return ((AttemptCommand.FinishFailed) commands.getLast()).failure().reason();
  }

  private static AttemptMachine begun(Resumption resumption, int firstIndex) {
    return new AttemptMachine(
        new AttemptTerms(Budget.NONE, 60 * SECOND, resumption, 0, firstIndex),
        new Purse(() -> true));
  }

  /** Whatever happens in whatever order, no promise is broken and the request ends. */
  @Test
  void everyPromiseIsKeptWhateverHappens() {
    for (long seed = 0; seed < 5_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Life life = new Life(random);
      String broken = life.live();
      assertThat(broken).as("seed %d: %s", seed, life.events).isNull();
    }
  }

  /** One request to which anything may happen. */
  private final class Life {
    private final List<Object> events = new ArrayList<>();
    private final AttemptAudit audit;
    private final SplittableRandom random;
    private final AttemptMachine living;
    private final Purse purse;
    private long nowNanos;

    Life(SplittableRandom random) {
      this.random = random;
      Resumption[] resumptions = Resumption.values();
      purse = new Purse(() -> random.nextInt(5) > 0);
      int firstIndex = random.nextBoolean() ? 0 : random.nextInt(100);
      audit = new AttemptAudit(firstIndex);
      living =
          new AttemptMachine(
              new AttemptTerms(
                  Budget.NONE,
                  60 * SECOND,
                  resumptions[random.nextInt(resumptions.length)],
                  random.nextInt(3) == 0 ? 50 * MILLISECOND : 0,
                  firstIndex),
              purse);
    }

    /** What was broken, or null. */
    @Nullable String live() {
      String broken = audit.begun(living.start(candidate, 0));
      for (int i = 0; i < 40 && broken == null; i++) {
        broken = step(event());
      }
      if (broken == null && !living.isFinished()) {
        broken = step(new AttemptEvent.CallerCancelled());
      }
      if (broken == null && purse.loans != 0) {
        broken = purse.loans + " permits not given back";
      }
      return broken == null ? audit.atRest() : broken;
    }

    private @Nullable String step(AttemptEvent event) {
      nowNanos += random.nextLong(SECOND);
      List<AttemptCommand> commands = living.on(event, nowNanos);
      events.add(event);
      events.add(commands);
      String broken = audit.after(event, commands);
      if (broken == null
          && !commands.isEmpty()
          && commands.getLast() instanceof AttemptCommand.ChooseAnother) {
        AttemptEvent choice = new AttemptEvent.Chosen(random.nextInt(4) == 0 ? nobody : another);
        return step(choice);
      }
      return broken;
    }

    private AttemptEvent event() {
      int attempt = 1 + random.nextInt(Math.max(1, living.attempts()));
      return switch (random.nextInt(15)) {
        case 0 -> new AttemptEvent.Completed(attempt, living.delivered() + random.nextInt(2));
        case 1, 2 ->
            new AttemptEvent.Failed(
                attempt, DOWN, random.nextInt(4) == 0 ? Again.NEVER : Again.ELSEWHERE);
        case 3 ->
            random.nextInt(8) == 0
                ? new AttemptEvent.CallerCancelled()
                : new AttemptEvent.Woken(false);
        case 4 -> new AttemptEvent.Woken(random.nextBoolean());
        case 5 -> new AttemptEvent.CallerReady();
        case 6 -> new AttemptEvent.Tokens(attempt, Math.max(0, living.delivered() - 1), 1);
        case 7 -> new AttemptEvent.Tokens(attempt, living.delivered() + random.nextInt(3), 1);
        case 8 ->
            random.nextInt(8) == 0 ? new AttemptEvent.Evicted() : new AttemptEvent.CallerReady();
        default -> new AttemptEvent.Tokens(attempt, living.delivered(), 1 + random.nextInt(3));
      };
    }
  }
}
