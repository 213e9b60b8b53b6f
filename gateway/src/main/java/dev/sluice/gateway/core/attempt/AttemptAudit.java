package dev.sluice.gateway.core.attempt;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Watches the events and commands of one request and says when they break a promise, whatever the
 * machine thinks of it: the invariants A to D of faults §3.0 as far as one request can break them.
 *
 * <p>Knows nothing of the machine's rules, so that a fault in them shows: tokens reach the caller
 * once each and in order, one attempt writes at a time, a request ends once, and at its end nothing
 * runs on.
 */
public final class AttemptAudit {

  /** Numbers of the attempts that run. */
  private final BitSet running = new BitSet();

  private int started;

  /** Index of the next token that is wanted. */
  private int delivered;

  private int writer;
  private int completing;
  private int completingTokens;
  private boolean finished;

  /** An audit of a request whose caller has the tokens before {@code firstIndex}. */
  public AttemptAudit(int firstIndex) {
    delivered = firstIndex;
  }

  /** Notes {@code commands}, which follow from no event; says what they break, or null. */
  public @Nullable String begun(List<AttemptCommand> commands) {
    return commands(null, commands);
  }

  /** Notes {@code event} and the commands that follow from it; says what they break, or null. */
  public @Nullable String after(AttemptEvent event, List<AttemptCommand> commands) {
    switch (event) {
      case AttemptEvent.Completed(int attempt, int outputTokens) -> {
        if (stops(attempt)) {
          completing = attempt;
          completingTokens = outputTokens;
        }
      }
      case AttemptEvent.Failed failed -> running.clear(failed.attempt());
      case AttemptEvent.Tokens _,
          AttemptEvent.Chosen _,
          AttemptEvent.Woken _,
          AttemptEvent.CallerReady _,
          AttemptEvent.Evicted _,
          AttemptEvent.CallerCancelled _ -> {}
    }
    return commands(event, commands);
  }

  /** What is still open of a request that should be over, or null. */
  public @Nullable String atRest() {
    if (!finished) {
      return "a request without an end";
    }
    return running.isEmpty() ? null : "attempts that run after the end: " + running;
  }

  private @Nullable String commands(@Nullable AttemptEvent event, List<AttemptCommand> commands) {
    for (int i = 0; i < commands.size(); i++) {
      String broken = command(event, commands.get(i));
      if (broken != null) {
        return broken;
      }
    }
    return finished ? atRest() : null;
  }

  private @Nullable String command(@Nullable AttemptEvent event, AttemptCommand command) {
    return switch (command) {
      case AttemptCommand.Start start -> start(start);
      case AttemptCommand.Deliver _ -> deliver(event);
      case AttemptCommand.Cancel(int attempt, _) ->
          stops(attempt) ? null : "cancels attempt " + attempt + ", not running";
      case AttemptCommand.FinishComplete(int attempt) -> complete(attempt);
      case AttemptCommand.FinishFailed _ -> finish();
      case AttemptCommand.ChooseAnother(int fromIndex) -> wanted(fromIndex);
      case AttemptCommand.WakeAt _ -> finished ? "wakes after the end" : null;
      case AttemptCommand.Discard _ ->
          event instanceof AttemptEvent.Tokens ? null : "discards tokens that nobody sent";
    };
  }

  private boolean stops(int attempt) {
    boolean ran = running.get(attempt);
    running.clear(attempt);
    return ran;
  }

  private @Nullable String start(AttemptCommand.Start start) {
    if (start.attempt() != started + 1) {
      return "attempt " + start.attempt() + " (expected: " + (started + 1) + ")";
    }
    started++;
    running.set(start.attempt());
    return wanted(start.fromIndex());
  }

  private @Nullable String wanted(int fromIndex) {
    if (finished) {
      return "tries again after the end";
    }
    return fromIndex == delivered
        ? null
        : "wants token " + fromIndex + " (expected: " + delivered + ")";
  }

  private @Nullable String deliver(@Nullable AttemptEvent event) {
    if (!(event instanceof AttemptEvent.Tokens(int attempt, int index, int count))) {
      return "delivers tokens that nobody sent";
    }
    if (finished) {
      return "delivers after the end";
    }
    if (!running.get(attempt)) {
      return "delivers tokens of attempt " + attempt + ", not running";
    }
    if (writer != attempt && running.get(writer)) {
      return "attempts " + writer + " and " + attempt + " write both";
    }
    if (index != delivered) {
      return "delivers token " + index + " (expected: " + delivered + ")";
    }
    writer = attempt;
    delivered += count;
    return null;
  }

  private @Nullable String complete(int attempt) {
    if (attempt != completing) {
      return "completes by attempt " + attempt + ", which has not completed";
    }
    if (completingTokens > delivered) {
      return "shows " + delivered + " of " + completingTokens + " tokens as a whole answer";
    }
    return finish();
  }

  private @Nullable String finish() {
    if (finished) {
      return "ends twice";
    }
    finished = true;
    return null;
  }
}
