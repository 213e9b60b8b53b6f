package dev.sluice.backends.emulated;

import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The one clock that all emulated engines of a process follow: runs each member when its next event
 * is due, and what other threads ask for in between.
 *
 * <p>{@link #execute} may be called from any thread; all members and commands run inside {@link
 * #runDue}, on one thread, so they need no locks. That thread is {@link ClockThread}; tests call
 * {@code runDue} with a clock turned by hand.
 */
final class EngineClock {

  /** The instant of an event that is not in sight. */
  static final long NEVER = Long.MAX_VALUE;

  /** Something that has events at instants that it knows beforehand. Does not throw. */
  interface Member {

    /** Lets happen what is due by {@code nowNanos}; returns when to be run next. */
    long run(long nowNanos);
  }

  /** A member's place in the order of due instants. */
  final class Registration implements Comparable<Registration> {

    private final Member member;
    private final long rank;
    private long dueNanos = NEVER;

    private Registration(Member member, long rank) {
      this.member = member;
      this.rank = rank;
    }

    /** Runs {@code command} on the clock's thread, then the member. */
    void execute(Runnable command) {
      EngineClock.this.execute(
          () -> {
            command.run();
            reschedule(this, runNowNanos);
          });
    }

    @Override
    public int compareTo(Registration other) {
      int byDue = Long.compare(dueNanos, other.dueNanos);
      return byDue != 0 ? byDue : Long.compare(rank, other.rank);
    }
  }

  private final LongSupplier nanoTime;
  private final Runnable wake;
  private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
  private final AtomicLong ranks = new AtomicLong();

  // the clock's thread only
  private final PriorityQueue<Registration> byDue = new PriorityQueue<>();
  private long runNowNanos;

  /**
   * A clock that stands still until {@link #runDue} is called.
   *
   * @param nanoTime the time
   * @param wake called after a command was added, so that {@code runDue} is called soon
   */
  EngineClock(LongSupplier nanoTime, Runnable wake) {
    this.nanoTime = nanoTime;
    this.wake = wake;
  }

  long nanoTime() {
    return nanoTime.getAsLong();
  }

  /** A place for {@code member}, which is first run after its first command. */
  Registration register(Member member) {
    return new Registration(member, ranks.getAndIncrement());
  }

  /** The instant for which the clock's thread runs members and commands now. */
  long runNowNanos() {
    return runNowNanos;
  }

  /** Runs all commands, then all members that are due; returns when the next member is due. */
  long runDue() {
    runNowNanos = nanoTime.getAsLong();
    for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
      command.run();
    }
    Registration next = byDue.peek();
    while (next != null && next.dueNanos <= runNowNanos) {
      byDue.remove();
      long dueNanos = next.member.run(runNowNanos);
      // a member that is always due must not keep the others waiting
      next.dueNanos = Math.max(dueNanos, runNowNanos + 1);
      if (dueNanos != NEVER) {
        byDue.add(next);
      } else {
        next.dueNanos = NEVER;
      }
      next = byDue.peek();
    }
    return next == null ? NEVER : next.dueNanos;
  }

  /** Runs {@code command} on the clock's thread. */
  void execute(Runnable command) {
    commands.add(command);
    wake.run();
  }

  private void reschedule(Registration registration, long dueNanos) {
    if (registration.dueNanos != NEVER) {
      byDue.remove(registration);
    }
    registration.dueNanos = dueNanos;
    byDue.add(registration);
  }
}
