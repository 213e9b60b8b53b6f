package dev.sluice.loadtest.simulate.fault;

import dev.sluice.gateway.core.attempt.AttemptCommand;
import dev.sluice.gateway.core.attempt.AttemptEvent;
import dev.sluice.gateway.core.attempt.AttemptMachine;
import dev.sluice.gateway.core.attempt.AttemptTerms;
import dev.sluice.gateway.core.attempt.Permits;
import dev.sluice.gateway.core.policy.Candidate;
import java.util.List;

/**
 * What decides on the attempts of one request: the gateway's {@link AttemptMachine}, or in tests
 * one with a fault in it, which must be found.
 */
interface Attempts {

  /** Makes one for each request. */
  @FunctionalInterface
  interface Factory {
    Attempts create(AttemptTerms terms, Permits permits);
  }

  List<AttemptCommand> start(Candidate candidate, long nowNanos);

  List<AttemptCommand> on(AttemptEvent event, long nowNanos);

  /** Tokens delivered so far. */
  int delivered();

  /** The gateway's own. */
  static Attempts production(AttemptTerms terms, Permits permits) {
    return new Production(new AttemptMachine(terms, permits));
  }

  /** The gateway's own. */
  record Production(AttemptMachine machine) implements Attempts {

    @Override
    public List<AttemptCommand> start(Candidate candidate, long nowNanos) {
      return machine.start(candidate, nowNanos);
    }

    @Override
    public List<AttemptCommand> on(AttemptEvent event, long nowNanos) {
      return machine.on(event, nowNanos);
    }

    @Override
    public int delivered() {
      return machine.delivered();
    }
  }
}
