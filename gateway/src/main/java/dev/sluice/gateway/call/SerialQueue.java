package dev.sluice.gateway.call;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one at a time, in order, on whichever thread brings them; nobody waits for anybody.
 *
 * <p>Events of one request come from several threads (the caller's connection, the backend's, a
 * timer). A lock would have to be held while tokens are written, a thread hand-over would cost more
 * than the token. Here the thread that finds the queue idle runs its task at once; one that finds
 * it busy leaves its task to the thread that is at work.
 */
public final class SerialQueue {

  private final Consumer<RuntimeException> onBug;

  /** Tasks brought and not yet run to their end. */
  private final AtomicInteger pending = new AtomicInteger();

  private volatile @Nullable ConcurrentLinkedQueue<Runnable> waiting;

  /**
   * A queue whose tasks do not throw; what one throws all the same is a bug and goes to {@code
   * onBug}.
   */
  public SerialQueue(Consumer<RuntimeException> onBug) {
    this.onBug = onBug;
  }

  /** Runs {@code task} now, or after those that came before it. */
  public void run(Runnable task) {
    if (pending.compareAndSet(0, 1)) {
      perform(task);
    } else {
      queue().add(task);
      if (pending.getAndIncrement() > 0) {
        return;
      }
      perform(next());
    }
    while (pending.decrementAndGet() > 0) {
      perform(next());
    }
  }

  private void perform(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException bug) {
      onBug.accept(bug);
    }
  }

  /** A task is added before it is counted, so a counted task is there. */
  private Runnable next() {
    Runnable task = queue().poll();
    if (task == null) {
      throw new IllegalStateException("queue: a counted task is missing");
    }
    return task;
  }

  /** Made when first needed: most requests never have two events at once. */
  private ConcurrentLinkedQueue<Runnable> queue() {
    ConcurrentLinkedQueue<Runnable> queue = waiting;
    return queue != null ? queue : makeQueue();
  }

  private synchronized ConcurrentLinkedQueue<Runnable> makeQueue() {
    ConcurrentLinkedQueue<Runnable> queue = waiting;
    if (queue == null) {
      queue = new ConcurrentLinkedQueue<>();
      waiting = queue;
    }
    return queue;
  }
}
