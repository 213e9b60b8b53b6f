package dev.sluice.backends;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Work that several threads ask for and one does: whoever asks while nobody is at it does it, again
 * for all who ask meanwhile. It never overlaps, and nobody waits for a lock. Thread-safe.
 */
public final class OneAtATime {

  private final Runnable work;

  /** Askings that the work has not been done for yet. */
  private final AtomicInteger asked = new AtomicInteger();

  /** Work that nobody has asked for; it does not throw. */
  public OneAtATime(Runnable work) {
    this.work = work;
  }

  /** Sees to it that the work is done once more from its beginning, here or by who is at it. */
  public void ask() {
    if (asked.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      work.run();
      seen = asked.addAndGet(-seen);
    } while (seen != 0);
  }
}
