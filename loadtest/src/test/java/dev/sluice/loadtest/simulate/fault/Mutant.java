package dev.sluice.loadtest.simulate.fault;

import dev.sluice.gateway.core.attempt.AttemptCommand;
import dev.sluice.gateway.core.attempt.AttemptCommand.Cause;
import dev.sluice.gateway.core.attempt.AttemptEvent;
import dev.sluice.gateway.core.attempt.AttemptTerms;
import dev.sluice.gateway.core.attempt.Permits;
import dev.sluice.gateway.core.policy.Candidate;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.core.request.Resumption;
import java.util.ArrayList;
import java.util.List;

/** A fault in the attempt machine, put in from outside; the simulation must find each. */
enum Mutant implements Attempts.Factory {
  /** What runs for a caller who has left runs on. */
  FORGETS_TO_CANCEL_FOR_A_CALLER_WHO_LEFT(
      (state, event, command) ->
          event instanceof AttemptEvent.CallerCancelled && command instanceof AttemptCommand.Cancel
              ? List.of()
              : List.of(command)),

  /** Of a hedge the one that lost runs on. */
  FORGETS_TO_CANCEL_THE_LOSER(
      (state, event, command) ->
          event instanceof AttemptEvent.Tokens && command instanceof AttemptCommand.Cancel
              ? List.of()
              : List.of(command)),

  /** A token is left out at each seam. */
  RESUMES_ONE_TOKEN_LATE(
      (state, event, command) ->
          command instanceof AttemptCommand.Start start && start.fromIndex() > 0
              ? List.of(from(start, start.fromIndex() + 1))
              : List.of(command)),

  /** A token is asked for again at each seam. */
  RESUMES_ONE_TOKEN_EARLY(
      (state, event, command) ->
          command instanceof AttemptCommand.Start start && start.fromIndex() > 0
              ? List.of(from(start, start.fromIndex() - 1))
              : List.of(command)),

  /** An answer that broke off is begun anew. */
  RESUMES_FROM_THE_BEGINNING(
      (state, event, command) ->
          switch (command) {
            case AttemptCommand.Start start -> List.of(from(start, 0));
            case AttemptCommand.ChooseAnother _ -> List.of(new AttemptCommand.ChooseAnother(0));
            default -> List.of(command);
          }),

  /** The caller hears twice that the answer is complete. */
  ENDS_TWICE(
      (state, event, command) ->
          command instanceof AttemptCommand.FinishComplete
              ? List.of(command, command)
              : List.of(command)),

  /** The caller never hears that a failed request has failed. */
  FORGETS_TO_END(
      (state, event, command) ->
          event instanceof AttemptEvent.Failed && command instanceof AttemptCommand.FinishFailed
              ? List.of()
              : List.of(command)),

  /** What comes twice goes out twice. */
  DELIVERS_DUPLICATES(
      (state, event, command) ->
          command.equals(new AttemptCommand.Discard(Cause.DUPLICATE))
              ? List.of(new AttemptCommand.Deliver())
              : List.of(command)),

  /** What comes of attempts that were given up goes out, also after the end. */
  DELIVERS_WHAT_COMES_LATE(
      (state, event, command) ->
          command.equals(new AttemptCommand.Discard(Cause.LATE))
              ? List.of(new AttemptCommand.Deliver())
              : List.of(command)),

  /** Both attempts of a hedge write to the caller. */
  LETS_TWO_WRITE(
      (state, event, command) -> {
        if (event instanceof AttemptEvent.Tokens) {
          if (command instanceof AttemptCommand.Cancel) {
            state.twoWriters = true;
            return List.of();
          }
          if (state.twoWriters && command.equals(new AttemptCommand.Discard(Cause.LATE))) {
            return List.of(new AttemptCommand.Deliver());
          }
        }
        return List.of(command);
      }),

  /** The first tokens after a seam are dropped. */
  LOSES_THE_FIRST_TOKENS_AFTER_A_SEAM(
      (state, event, command) -> {
        if (command instanceof AttemptCommand.Start start) {
          state.atSeam = start.fromIndex() > 0;
        }
        if (state.atSeam && command instanceof AttemptCommand.Deliver) {
          state.atSeam = false;
          return List.of(new AttemptCommand.Discard(Cause.LATE));
        }
        return List.of(command);
      }),

  /** An answer that broke off is shown as a whole one. */
  SHOWS_AN_INTERRUPTED_ANSWER_AS_COMPLETE(
      (state, event, command) ->
          command instanceof AttemptCommand.FinishFailed failed
                  && failed.failure().reason() == Reason.STREAM_INTERRUPTED
              ? List.of(new AttemptCommand.FinishComplete(state.lastAttempt))
              : List.of(command)),

  /** An answer is taken for whole although its backend says that it said more. */
  SHOWS_A_SHORT_ANSWER_AS_COMPLETE {
    @Override
    AttemptEvent event(State state, AttemptEvent event, long nowNanos) {
      return event instanceof AttemptEvent.Completed(int attempt, int tokens)
          ? new AttemptEvent.Completed(attempt, Math.min(tokens, state.delivered))
          : event;
    }
  },

  /** A backend that falls silent is waited for until the deadline. */
  NEVER_FINDS_A_STALL(
      (state, event, command) ->
          command instanceof AttemptCommand.WakeAt
              ? List.of(new AttemptCommand.WakeAt(state.terms.deadlineNanos()))
              : List.of(command)),

  /** The deadline passes and nothing happens. */
  IGNORES_THE_DEADLINE {
    @Override
    AttemptEvent event(State state, AttemptEvent event, long nowNanos) {
      return event instanceof AttemptEvent.Woken && nowNanos >= state.terms.deadlineNanos()
          ? new AttemptEvent.Failed(NOBODY, NOTHING_WRONG, AttemptEvent.Again.ELSEWHERE)
          : event;
    }
  },

  /** Further attempts are made without a permit. */
  ASKS_FOR_NO_PERMIT {
    @Override
    public Attempts create(AttemptTerms terms, Permits permits) {
      return new Mangled(this, terms, Unlimited.INSTANCE);
    }
  },

  /** Permits that were lent are never given back. */
  KEEPS_ITS_LOANS {
    @Override
    public Attempts create(AttemptTerms terms, Permits permits) {
      return new Mangled(this, terms, new Kept(permits));
    }
  },

  /** Answers are continued whose callers do not want it. */
  RESUMES_WHAT_IT_MAY_NOT {
    @Override
    AttemptTerms terms(AttemptTerms terms) {
      return terms.resumption() == Resumption.NEVER
          ? new AttemptTerms(
              terms.budget(), terms.deadlineNanos(), Resumption.EXACT, terms.hedgeNanos())
          : terms;
    }
  },

  /** The caller hears of one token more than he got. */
  MISCOUNTS {
    @Override
    int told(int delivered) {
      return delivered + 1;
    }
  };

  /** No attempt has this number: nothing follows from what is said of it. */
  private static final int NOBODY = 0;

  private static final Failure NOTHING_WRONG = Failure.of(Reason.INTERNAL, "");

  @SuppressWarnings("ImmutableEnumChecker") // all of them are lambdas that hold nothing
  private final Mangler mangler;

  Mutant() {
    this((_, _, command) -> List.of(command));
  }

  Mutant(Mangler mangler) {
    this.mangler = mangler;
  }

  /** What is made of one command. */
  private interface Mangler {
    List<AttemptCommand> mangle(State state, AttemptEvent event, AttemptCommand command);
  }

  private static AttemptCommand from(AttemptCommand.Start start, int index) {
    return new AttemptCommand.Start(start.attempt(), start.candidate(), index);
  }

  AttemptEvent event(State state, AttemptEvent event, long nowNanos) {
    return event;
  }

  AttemptTerms terms(AttemptTerms terms) {
    return terms;
  }

  int told(int delivered) {
    return delivered;
  }

  @Override
  public Attempts create(AttemptTerms terms, Permits permits) {
    return new Mangled(this, terms, permits);
  }

  /** What a mutant knows of the request it serves. */
  static final class State {
    final AttemptTerms terms;
    int delivered;
    int lastAttempt;
    boolean atSeam;
    boolean twoWriters;

    State(AttemptTerms terms) {
      this.terms = terms;
    }
  }

  /** Grants whatever is asked for. */
  private enum Unlimited implements Permits {
    INSTANCE;

    @Override
    public boolean tryTake(long nowNanos) {
      return true;
    }

    @Override
    public boolean tryBorrow(long nowNanos) {
      return true;
    }

    @Override
    public void giveBack() {}
  }

  /** Gives nothing back. */
  private record Kept(Permits permits) implements Permits {
    @Override
    public boolean tryTake(long nowNanos) {
      return permits.tryTake(nowNanos);
    }

    @Override
    public boolean tryBorrow(long nowNanos) {
      return permits.tryBorrow(nowNanos);
    }

    @Override
    public void giveBack() {}
  }

  /** The gateway's machine with the fault in it. */
  private static final class Mangled implements Attempts {
    private final Mutant mutant;
    private final Attempts real;
    private final State state;

    Mangled(Mutant mutant, AttemptTerms terms, Permits permits) {
      this.mutant = mutant;
      real = Attempts.production(mutant.terms(terms), permits);
      state = new State(terms);
    }

    @Override
    public List<AttemptCommand> start(Candidate candidate, long nowNanos) {
      return mangled(new AttemptEvent.Woken(false), real.start(candidate, nowNanos));
    }

    @Override
    public List<AttemptCommand> on(AttemptEvent event, long nowNanos) {
      state.delivered = real.delivered();
      return mangled(event, real.on(mutant.event(state, event, nowNanos), nowNanos));
    }

    private List<AttemptCommand> mangled(AttemptEvent event, List<AttemptCommand> commands) {
      List<AttemptCommand> mangled = new ArrayList<>();
      for (AttemptCommand command : commands) {
        if (command instanceof AttemptCommand.Start start) {
          state.lastAttempt = start.attempt();
        }
        mangled.addAll(mutant.mangler.mangle(state, event, command));
      }
      return mangled;
    }

    @Override
    public int delivered() {
      return mutant.told(real.delivered());
    }
  }
}
