package dev.sluice.gateway.accounting;

import dev.sluice.gateway.call.RequestRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes records off the request's path: a bounded queue and one thread. When the queue is full a
 * record is dropped and counted, and no request waits for a log.
 */
final class RecordWriter implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger("sluice.requests");

  /** Room for about a second of records at ten thousand requests a second. */
  private static final int CAPACITY = 8192;

  /**
   * How long records are gathered once one is there. Waking a sleeping core for each record would
   * cost the event loop more than the record itself; a log line a tenth of a second late costs
   * nobody anything.
   */
  private static final long GATHER_MILLIS = 100;

  private final BlockingQueue<RequestRecord> queue = new ArrayBlockingQueue<>(CAPACITY);
  private final Consumer<RequestRecord> metrics;
  private final Ledger ledger;
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);

  RecordWriter(Consumer<RequestRecord> metrics, Ledger ledger) {
    this.metrics = metrics;
    this.ledger = ledger;
    thread = Thread.ofPlatform().name("sluice-records").daemon().start(this::write);
  }

  /** Takes {@code account} to be written soon. */
  void add(RequestRecord account) {
    if (!queue.offer(account)) {
      ledger.droppedRecords.increment();
    }
  }

  /** Writes what is left, waiting a second for it at most. */
  @Override
  public void close() {
    closing.countDown();
    thread.interrupt();
    try {
      thread.join(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    List<RequestRecord> batch = new ArrayList<>();
    boolean closed = false;
    while (!closed) {
      try {
        batch.add(queue.take());
        closed = closing.await(GATHER_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        closed = true; // by close() alone
      }
      writeAll(batch);
    }
  }

  private void writeAll(List<RequestRecord> batch) {
    queue.drainTo(batch);
    for (RequestRecord account : batch) {
      try {
        metrics.accept(account);
        LOG.info("{}", new RecordLine(account));
      } catch (RuntimeException bug) {
        LOG.error("request record could not be written", bug);
      }
    }
    batch.clear();
  }
}
