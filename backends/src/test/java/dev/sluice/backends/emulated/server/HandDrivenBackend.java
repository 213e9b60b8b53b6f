package dev.sluice.backends.emulated.server;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendCall;
import dev.sluice.backends.Generation;
import dev.sluice.backends.TokenSink;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A backend that does nothing by itself: the test plays the engine. */
final class HandDrivenBackend implements Backend {

  private static final long PATIENCE_SECONDS = 20;

  private final BlockingQueue<Started> started = new LinkedBlockingQueue<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  /** One generation that was started. */
  record Started(
      Generation generation, TokenSink sink, AtomicInteger asked, CountDownLatch cancelled)
      implements BackendCall {

    @Override
    public void request(int chunks) {
      asked.addAndGet(chunks);
    }

    @Override
    public void cancel() {
      cancelled.countDown();
    }

    void awaitCancel() throws InterruptedException {
      if (!cancelled.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("not cancelled");
      }
    }
  }

  @Override
  public BackendCall start(Generation generation, TokenSink sink) {
    Started call = new Started(generation, sink, new AtomicInteger(), new CountDownLatch(1));
    started.add(call);
    return call;
  }

  /** Waits for the next generation. */
  Started next() throws InterruptedException {
    Started next = started.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no generation was started");
    }
    return next;
  }

  /** Generations that were started and not taken by {@link #next}. */
  int pending() {
    return started.size();
  }

  boolean isClosed() {
    return closed.getCount() == 0;
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
