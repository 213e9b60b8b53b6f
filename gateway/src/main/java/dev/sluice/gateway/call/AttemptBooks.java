package dev.sluice.gateway.call;

/**
 * The books on attempts: {@code started = won + failed + cancelled + running}, and of the tokens
 * that backends sent, what was delivered and what was dropped. Thread-safe.
 */
public interface AttemptBooks {

  /** An attempt was started. */
  void started();

  /** An attempt completed the answer. */
  void won();

  /** An attempt ended irregularly. */
  void failed();

  /** An attempt was cancelled here. */
  void cancelled();

  /** An answer was continued by another attempt. */
  void resumed();

  /**
   * An attempt was sent in place of one that had failed.
   *
   * @param resumes whether it goes on after the first token
   * @param sinceSignNanos time since the other's last sign of life: its last token, or its sending
   */
  void handedOver(boolean resumes, long sinceSignNanos);

  /** {@code count} tokens came from a backend. */
  void received(int count);

  /** {@code count} of them were dropped, since their attempt had been given up. */
  void discardedLate(int count);

  /** {@code count} of them were dropped, since the caller had them. */
  void discardedDuplicate(int count);

  /** A promise was broken: a fault of the gateway itself. */
  void violated();
}
