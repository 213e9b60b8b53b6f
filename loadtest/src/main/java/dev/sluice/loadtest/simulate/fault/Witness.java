package dev.sluice.loadtest.simulate.fault;

import dev.sluice.gateway.core.attempt.AttemptCommand;
import dev.sluice.gateway.core.attempt.AttemptEvent;
import dev.sluice.gateway.core.attempt.AttemptMachine;
import dev.sluice.gateway.core.attempt.AttemptTerms;
import dev.sluice.gateway.core.policy.RoutingDecision;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.core.request.Resumption;
import java.util.List;

/** Tells from one request's events and commands which ways of recovery were taken. */
final class Witness {

  private final Tally tally;
  private final Resumption resumption;
  private final int firstIndex;
  private int runningBefore;
  private int deliveredBefore;
  private int resumes;
  private int hedge;
  private boolean refusedPermit;

  Witness(Tally tally, AttemptTerms terms) {
    this.tally = tally;
    resumption = terms.resumption();
    firstIndex = terms.firstIndex();
  }

  /** A permit was asked for. */
  void asked(boolean granted) {
    refusedPermit |= !granted;
  }

  void before(AttemptEvent event, int running, int delivered) {
    runningBefore = running;
    deliveredBefore = delivered;
    refusedPermit = false;
    if (event instanceof AttemptEvent.Chosen(RoutingDecision.Refuse _)) {
      tally.happened(Sometimes.NOBODY_ELSE);
    }
  }

  void after(AttemptEvent event, List<AttemptCommand> commands) {
    if (refusedPermit) {
      tally.happened(Sometimes.NO_PERMIT);
    }
    switch (event) {
      case AttemptEvent.Chosen _ -> chosen(commands);
      case AttemptEvent.Tokens tokens -> tokens(tokens, commands);
      case AttemptEvent.Completed completed -> completed(completed, commands);
      case AttemptEvent.Woken _ -> woken(commands);
      case AttemptEvent.Failed _ -> failed(commands);
      case AttemptEvent.CallerCancelled _, AttemptEvent.CallerReady _, AttemptEvent.Evicted _ -> {}
    }
  }

  private void chosen(List<AttemptCommand> commands) {
    boolean cancels = has(commands, AttemptCommand.Cancel.class);
    for (AttemptCommand command : commands) {
      if (command instanceof AttemptCommand.Start start && start.fromIndex() == firstIndex) {
        if (cancels) {
          tally.happened(Sometimes.FAILED_OVER);
        } else if (runningBefore > 0) {
          hedge = start.attempt();
          tally.happened(Sometimes.HEDGED);
        } else {
          tally.happened(Sometimes.RETRIED);
        }
      }
    }
  }

  private void tokens(AttemptEvent.Tokens tokens, List<AttemptCommand> commands) {
    if (hedge > 0
        && deliveredBefore == firstIndex
        && has(commands, AttemptCommand.Deliver.class)
        && has(commands, AttemptCommand.Cancel.class)) {
      tally.happened(tokens.attempt() == hedge ? Sometimes.HEDGE_WON : Sometimes.HEDGE_LOST);
    }
    if (has(commands, AttemptCommand.Cancel.class) && has(commands, AttemptCommand.Discard.class)) {
      tally.happened(Sometimes.GAP_FOUND);
      brokenOff(commands);
    }
  }

  private void completed(AttemptEvent.Completed completed, List<AttemptCommand> commands) {
    if (completed.outputTokens() > deliveredBefore && !commands.isEmpty()) {
      tally.happened(Sometimes.SHORT_ANSWER_FOUND);
      brokenOff(commands);
    }
  }

  private void woken(List<AttemptCommand> commands) {
    boolean deadline =
        commands.stream()
            .anyMatch(
                command ->
                    command instanceof AttemptCommand.FinishFailed failed
                        && failed.failure().reason() == Reason.DEADLINE_EXPIRED);
    if (!deadline && has(commands, AttemptCommand.Cancel.class)) {
      tally.happened(Sometimes.STALL_FOUND);
      brokenOff(commands);
    }
  }

  private void failed(List<AttemptCommand> commands) {
    if (!commands.isEmpty()) {
      brokenOff(commands);
    }
  }

  /** Nothing runs any more; {@code commands} tell whether it goes on. */
  private void brokenOff(List<AttemptCommand> commands) {
    if (deliveredBefore == firstIndex || !has(commands, AttemptCommand.FinishFailed.class)) {
      return;
    }
    if (resumption == Resumption.NEVER) {
      tally.happened(Sometimes.NEVER_RESUMED);
    } else if (resumes == AttemptMachine.MAX_RESUMES) {
      tally.happened(Sometimes.RESUMED_OFTEN_ENOUGH);
    }
  }

  /** The answer goes on elsewhere. */
  void resumed(boolean atItsEnd, boolean exact) {
    resumes++;
    tally.count(Tally.Count.RESUMES, 1);
    tally.happened(resumes == 1 ? Sometimes.RESUMED_ONCE : Sometimes.RESUMED_TWICE);
    if (atItsEnd) {
      tally.happened(Sometimes.RESUMED_AT_ITS_END);
    }
    if (!exact) {
      tally.happened(Sometimes.RESUMED_IN_OTHER_WORDS);
    }
  }

  private static boolean has(List<AttemptCommand> commands, Class<? extends AttemptCommand> kind) {
    for (AttemptCommand command : commands) {
      if (kind.isInstance(command)) {
        return true;
      }
    }
    return false;
  }
}
