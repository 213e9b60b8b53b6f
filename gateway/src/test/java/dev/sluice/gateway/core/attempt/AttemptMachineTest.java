package dev.sluice.gateway.core.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.core.CoreFixtures;
import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.policy.Candidate;
import dev.sluice.gateway.core.policy.RoutingDecision;
import dev.sluice.gateway.core.prediction.Forecast;
import dev.sluice.gateway.core.prediction.Prediction;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class AttemptMachineTest {

  private static final Failure UNREACHABLE = Failure.of(Reason.BACKEND_UNREACHABLE, "down");

  private final Candidate candidate =
      new Candidate(
          DeploymentState.fresh(CoreFixtures.gpu(0, "gpu")),
          new Prediction(0, false, new double[0], new double[0], new Forecast(1, 1, 1, 1)),
          0);
  private final RoutingDecision another =
      new RoutingDecision.Route(CoreFixtures.admitted(1, 1, Budget.NONE), candidate);

  @Test
  void anAttemptThatDidNoWorkIsMadeElsewhereOnce() {
    AttemptMachine.Step first = AttemptMachine.start(candidate);
    AttemptMachine.Step failed = first.next().on(new AttemptEvent.AttemptFailed(UNREACHABLE, true));
    assertThat(failed.commands()).containsExactly(new AttemptCommand.ChooseAnother());
    AttemptMachine.Step chosen = failed.next().on(new AttemptEvent.Chosen(another));
    assertThat(chosen.commands()).containsExactly(new AttemptCommand.Start(candidate));
    AttemptMachine.Step again = chosen.next().on(new AttemptEvent.AttemptFailed(UNREACHABLE, true));
    assertThat(again.commands()).containsExactly(new AttemptCommand.FinishFailed(UNREACHABLE));
  }

  @Test
  void whenNobodyElseCanServeTheFirstFailureIsTheAnswer() {
    AttemptMachine.Step failed =
        AttemptMachine.start(candidate)
            .next()
            .on(new AttemptEvent.AttemptFailed(UNREACHABLE, true));
    AttemptMachine.Step refused =
        failed
            .next()
            .on(
                new AttemptEvent.Chosen(
                    new RoutingDecision.Refuse(Failure.of(Reason.NO_BACKEND_AVAILABLE, "none"))));
    assertThat(refused.commands()).containsExactly(new AttemptCommand.FinishFailed(UNREACHABLE));
  }

  @Test
  void nothingIsTriedAgainAfterTheFirstToken() {
    AttemptMachine committed =
        AttemptMachine.start(candidate).next().on(new AttemptEvent.FirstToken()).next();
    assertThat(committed.on(new AttemptEvent.AttemptFailed(UNREACHABLE, true)).commands())
        .containsExactly(new AttemptCommand.FinishFailed(UNREACHABLE));
  }

  @Test
  void aCallerWhoLeavesCancelsTheAttempt() {
    List<AttemptCommand> commands =
        AttemptMachine.start(candidate).next().on(new AttemptEvent.CallerCancelled()).commands();
    assertThat(commands.getFirst()).isEqualTo(new AttemptCommand.CancelAttempt());
    assertThat(commands.getLast()).isInstanceOf(AttemptCommand.FinishFailed.class);
  }

  /**
   * Whatever happens in whatever order: one end, no command after it, no more attempts than
   * allowed.
   */
  @Test
  void everyRequestEndsOnceWhateverHappens() {
    for (long seed = 0; seed < 2000; seed++) {
      List<AttemptCommand> commands = live(new SplittableRandom(seed));
      long ends = commands.stream().filter(AttemptMachineTest::isEnd).count();
      assertThat(ends).as("seed %d: %s", seed, commands).isEqualTo(1);
      assertThat(isEnd(commands.getLast())).as("seed %d: %s", seed, commands).isTrue();
      assertThat(commands.stream().filter(c -> c instanceof AttemptCommand.Start).count())
          .as("seed %d: %s", seed, commands)
          .isBetween(1L, (long) AttemptMachine.MAX_ATTEMPTS);
    }
  }

  private List<AttemptCommand> live(SplittableRandom random) {
    AttemptMachine.Step step = AttemptMachine.start(candidate);
    List<AttemptCommand> commands = new ArrayList<>(step.commands());
    for (int i = 0; i < 30; i++) {
      step = step.next().on(event(step.next().phase(), random));
      commands.addAll(step.commands());
    }
    if (step.next().phase() != AttemptMachine.Phase.FINISHED) {
      commands.addAll(step.next().on(new AttemptEvent.DeadlinePassed()).commands());
    }
    return commands;
  }

  /** An event that can happen in this phase: while another backend is chosen no attempt runs. */
  private AttemptEvent event(AttemptMachine.Phase phase, SplittableRandom random) {
    if (phase == AttemptMachine.Phase.CHOOSING) {
      return switch (random.nextInt(6)) {
        case 0 -> new AttemptEvent.CallerCancelled();
        case 1 -> new AttemptEvent.DeadlinePassed();
        case 2 -> new AttemptEvent.Chosen(new RoutingDecision.Refuse(UNREACHABLE));
        default -> new AttemptEvent.Chosen(another);
      };
    }
    return switch (random.nextInt(12)) {
      case 0 -> new AttemptEvent.Completed();
      case 1, 2, 3 -> new AttemptEvent.AttemptFailed(UNREACHABLE, random.nextBoolean());
      case 4 -> new AttemptEvent.CallerCancelled();
      case 5 -> new AttemptEvent.DeadlinePassed();
      default -> new AttemptEvent.FirstToken();
    };
  }

  private static boolean isEnd(AttemptCommand command) {
    return switch (command) {
      case AttemptCommand.FinishComplete _, AttemptCommand.FinishFailed _ -> true;
      case AttemptCommand.Start _, AttemptCommand.ChooseAnother _, AttemptCommand.CancelAttempt _ ->
          false;
    };
  }
}
