package dev.sluice.loadtest;

import dev.sluice.loadtest.bound.ProgressListener;
import dev.sluice.loadtest.live.Terminal;
import dev.sluice.loadtest.simulate.Progress;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** One line on the terminal, twice a second. Where standard error is no terminal there is none. */
final class ProgressLine implements Progress, ProgressListener, AutoCloseable {
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

  /** How far the search for the bound is; null before it begins. */
  private volatile @Nullable String bound;

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

  @Override
  public void progress(double doneRatio, double upperValue, double lowerValue) {
    bound =
        bar(doneRatio)
            + String.format(
                Locale.ROOT, " bound: between %.0f and %.0f requests", lowerValue, upperValue);
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
    String search = bound;
    if (search != null) {
      return search;
    }
    long now = requests.sum();
    long perSecond = (now - lastRequests) * 1000 / PERIOD_MILLIS;
    lastRequests = now;
    return bar(now / expected)
        + String.format(
            Locale.ROOT,
            " %d of %d runs, %,d requests, %,d a second",
            finished.intValue(),
            runs,
            now,
            perSecond);
  }

  private static String bar(double doneRatio) {
    int filled = (int) (BAR_CHARACTERS * Math.clamp(doneRatio, 0, 1));
    return "[" + "#".repeat(filled) + "-".repeat(BAR_CHARACTERS - filled) + "]";
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
