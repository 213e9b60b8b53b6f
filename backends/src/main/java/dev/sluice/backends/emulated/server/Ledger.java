package dev.sluice.backends.emulated.server;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The accelerator's own books: {@code received = refused + completed + failed + cancelled +
 * running}, and what each of the newest generations was sent.
 *
 * <p>A token is booked before it is handed to the transport: whoever died in between has sent at
 * most what is booked, never more.
 */
final class Ledger {

  /** Generations that are kept; the newest displace the oldest. */
  static final int MOST_GENERATIONS = 8_192;

  /** What became of a generation. */
  enum State {
    RUNNING,
    REFUSED,
    COMPLETED,
    FAILED,
    CANCELLED
  }

  /**
   * The sums; exact when nothing is under way.
   *
   * @param tokens tokens handed to the transport
   */
  record Reading(
      long received, long refused, long completed, long failed, long cancelled, long tokens) {

    long running() {
      return received - refused - completed - failed - cancelled;
    }
  }

  private final @Nullable LedgerFile file;
  private final AtomicLong received = new AtomicLong();
  private final LongAdder refused = new LongAdder();
  private final LongAdder completed = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder cancelled = new LongAdder();
  private final LongAdder tokens = new LongAdder();

  private final Object lock = new Object();
  private final Deque<Entry> newest = new ArrayDeque<>(); // guarded by lock, newest first

  /** Books that are also written to {@code file}, if there is one. */
  Ledger(@Nullable LedgerFile file) {
    this.file = file;
  }

  /** Books a generation that was asked for. */
  Entry open(String requestId) {
    Entry entry = new Entry(received.incrementAndGet(), requestId);
    synchronized (lock) {
      newest.addFirst(entry);
      if (newest.size() > MOST_GENERATIONS) {
        newest.removeLast();
      }
    }
    entry.write("open", 0, 0);
    return entry;
  }

  /** Reads the sums: the ends first, so that the running are never below zero. */
  Reading read() {
    long refusedSum = refused.sum();
    long completedSum = completed.sum();
    long failedSum = failed.sum();
    long cancelledSum = cancelled.sum();
    return new Reading(
        received.get(), refusedSum, completedSum, failedSum, cancelledSum, tokens.sum());
  }

  /** The newest generations, newest first. */
  List<Entry> newest(int most) {
    List<Entry> entries = new ArrayList<>();
    synchronized (lock) {
      Iterator<Entry> all = newest.iterator();
      while (all.hasNext() && entries.size() < most) {
        entries.add(all.next());
      }
    }
    return entries;
  }

  /** One generation. Tokens are booked by one thread at a time, its end by any, once. */
  final class Entry {
    private final long serial;
    private final String requestId;
    private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
    private volatile int firstIndex;
    private volatile int sent;

    private Entry(long serial, String requestId) {
      this.serial = serial;
      this.requestId = requestId;
    }

    /** Books tokens that are about to be handed to the transport. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time; volatile for the readers
    void sends(int index, int count) {
      if (sent == 0) {
        firstIndex = index;
      }
      sent += count;
      tokens.add(count);
      write("sends", index, count);
    }

    void refused() {
      end(State.REFUSED, refused);
    }

    void completed() {
      end(State.COMPLETED, completed);
    }

    void failed() {
      end(State.FAILED, failed);
    }

    void cancelled() {
      end(State.CANCELLED, cancelled);
    }

    private void end(State with, LongAdder sum) {
      if (state.compareAndSet(State.RUNNING, with)) {
        sum.increment();
        write(LedgerFile.word(with), firstIndex, sent);
      }
    }

    private void write(String event, int index, int count) {
      if (file != null) {
        file.write(serial, event, requestId, index, count);
      }
    }

    String requestId() {
      return requestId;
    }

    int firstIndex() {
      return firstIndex;
    }

    int sent() {
      return sent;
    }

    State state() {
      return state.get();
    }
  }

  @Override
  public String toString() {
    return "Ledger[" + read() + "]";
  }
}
