package dev.sluice.loadtest.simulate.fault;

/** What the gateway itself counts, as its accounting does. */
final class GatewayBooks {
  long received;
  long rejected;
  long completed;
  long failed;
  long cancelled;

  long attemptsStarted;
  long attemptsWon;
  long attemptsFailed;
  long attemptsCancelled;

  long permits;
  long furtherAttempts;
  long resumes;

  long tokensReceived;
  long tokensDelivered;
  long discardedLate;
  long discardedDuplicate;

  /** Requests that have ended, in whichever way. */
  long ended() {
    return rejected + completed + failed + cancelled;
  }

  @Override
  public String toString() {
    return "GatewayBooks[%d received, %d rejected, %d completed, %d failed, %d cancelled]"
        .formatted(received, rejected, completed, failed, cancelled);
  }
}
