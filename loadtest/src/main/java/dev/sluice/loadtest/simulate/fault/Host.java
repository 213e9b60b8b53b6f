package dev.sluice.loadtest.simulate.fault;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * One process. What happens to it while it is paused happens when it goes on, in the same order.
 */
final class Host {

  private final Agenda agenda;
  private final Queue<Runnable> backlog = new ArrayDeque<>();
  private long pauseEndNanos = Long.MIN_VALUE;
  private boolean goingOn;

  Host(Agenda agenda) {
    this.agenda = agenda;
  }

  /** Lets {@code what} happen to it at {@code nanos}, or when it can. */
  void at(long nanos, Runnable what) {
    agenda.at(nanos, () -> now(what));
  }

  /** Lets {@code what} happen to it at once, or when it can. */
  void now(Runnable what) {
    if (isPaused() || goingOn || !backlog.isEmpty()) {
      backlog.add(what);
    } else {
      what.run();
    }
  }

  boolean isPaused() {
    return agenda.nowNanos() < pauseEndNanos;
  }

  /** When its last pause ended or will end. */
  long pauseEndNanos() {
    return pauseEndNanos;
  }

  /** Pauses it until {@code nanos}, at least as long as it is paused anyway. */
  void pauseUntil(long nanos) {
    pauseEndNanos = Math.max(pauseEndNanos, nanos);
    agenda.at(nanos, this::goOn);
  }

  /** Ends its pause. */
  void wake() {
    pauseEndNanos = Math.min(pauseEndNanos, agenda.nowNanos());
    goOn();
  }

  private void goOn() {
    if (goingOn) {
      return;
    }
    goingOn = true;
    while (!isPaused() && !backlog.isEmpty()) {
      backlog.remove().run();
    }
    goingOn = false;
  }

  @Override
  public String toString() {
    return "Host[" + backlog.size() + " behind, paused until " + pauseEndNanos + "]";
  }
}
