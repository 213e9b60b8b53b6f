package dev.sluice.gateway.accounting;

import dev.sluice.gateway.call.AttemptBooks;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/** The books on attempts, as striped counters. */
public final class AttemptLedger implements AttemptBooks {

  private final LongAdder started = new LongAdder();
  private final LongAdder won = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder cancelled = new LongAdder();
  private final LongAdder resumed = new LongAdder();
  private final LongAdder receivedTokens = new LongAdder();
  private final LongAdder lateTokens = new LongAdder();
  private final LongAdder duplicateTokens = new LongAdder();
  private final LongAdder violations = new LongAdder();

  private final LongConsumer failoverNanos;
  private final LongConsumer resumeNanos;

  /**
   * Empty books.
   *
   * @param failoverNanos takes how long each handover before the first token took
   * @param resumeNanos takes how long each handover after it took
   */
  public AttemptLedger(LongConsumer failoverNanos, LongConsumer resumeNanos) {
    this.failoverNanos = failoverNanos;
    this.resumeNanos = resumeNanos;
  }

  /** One reading of the books; exact when nothing is under way. */
  public record Reading(
      long started,
      long won,
      long failed,
      long cancelled,
      long resumed,
      Tokens tokens,
      long violations) {

    /** Attempts that have not ended. */
    public long running() {
      return started - won - failed - cancelled;
    }
  }

  /** Tokens that backends sent, and those of them that were dropped. */
  public record Tokens(long received, long discardedLate, long discardedDuplicate) {

    /** Those that went to callers. */
    public long delivered() {
      return received - discardedLate - discardedDuplicate;
    }
  }

  /** Reads the books. Ends are read before the beginnings, so that running is never below zero. */
  public Reading read() {
    long ended1 = won.sum();
    long ended2 = failed.sum();
    long ended3 = cancelled.sum();
    Tokens tokens = new Tokens(receivedTokens.sum(), lateTokens.sum(), duplicateTokens.sum());
    return new Reading(
        started.sum(), ended1, ended2, ended3, resumed.sum(), tokens, violations.sum());
  }

  @Override
  public void started() {
    started.increment();
  }

  @Override
  public void won() {
    won.increment();
  }

  @Override
  public void failed() {
    failed.increment();
  }

  @Override
  public void cancelled() {
    cancelled.increment();
  }

  @Override
  public void resumed() {
    resumed.increment();
  }

  @Override
  public void handedOver(boolean resumes, long sinceSignNanos) {
    (resumes ? resumeNanos : failoverNanos).accept(sinceSignNanos);
  }

  @Override
  public void received(int count) {
    receivedTokens.add(count);
  }

  @Override
  public void discardedLate(int count) {
    lateTokens.add(count);
  }

  @Override
  public void discardedDuplicate(int count) {
    duplicateTokens.add(count);
  }

  @Override
  public void violated() {
    violations.increment();
  }
}
