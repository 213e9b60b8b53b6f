package dev.sluice.loadtest;

import dev.sluice.loadtest.live.Terminal;
import dev.sluice.loadtest.simulate.Progress;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** One line on the terminal, twice a second. Where standard error is no terminal there is none. */
final class ProgressLine implements Progress, AutoCloseable {
  private static final long PERIOD_MILLIS = 500;
  private static final int BAR_CHARACTERS = 24;

  private final PrintStream out;
  private final int runs;
  private final double expected;
  private final boolean visible;
  private final LongAdder requests = new LongAdder();
  private final LongAdder finished = new LongAdder();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private long lastRequests;

  private ProgressLine(PrintStream out, int runs, double expected, boolean visible) {
    this.out = out;
    this.runs = runs;
    this.expected = expected;
    this.visible = visible;
  }

  /** Shows on standard error how far {@code runs} runs are, of about so many requests in all. */
  static ProgressLine open(int runs, double expected) {
    ProgressLine line = new ProgressLine(System.err, runs, expected, Terminal.isStandardError());
    if (line.visible) {
      Thread.ofVirtual().name("progress").start(line::refresh);
    }
    return line;
  }

  @Override
  public void played(int count) {
    requests.add(count);
  }

  @Override
  public void runFinished() {
    finished.increment();
  }

  private void refresh() {
    try {
      while (!stopped.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS)) {
        out.print("\r\u001b[K" + line());
        out.flush();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private String line() {
    int done = finished.intValue();
    long now = requests.sum();
    long perSecond = (now - lastRequests) * 1000 / PERIOD_MILLIS;
    lastRequests = now;
    int filled = (int) (BAR_CHARACTERS * Math.min(1, now / expected));
    return String.format(
        Locale.ROOT,
        "[%s%s] %d of %d runs, %,d requests, %,d a second",
        "#".repeat(filled),
        "-".repeat(BAR_CHARACTERS - filled),
        done,
        runs,
        now,
        perSecond);
  }

  @Override
  public void close() {
    stopped.countDown();
    if (visible) {
      out.print("\r\u001b[K");
      out.flush();
    }
  }
}
