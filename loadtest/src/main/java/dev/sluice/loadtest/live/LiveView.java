package dev.sluice.loadtest.live;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One line on the terminal, once a second. Where standard error is no terminal there is none. */
final class LiveView implements AutoCloseable {
  private final LiveCounters counters;
  private final PrintStream out;
  private final boolean visible;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private long lastSent;

  private LiveView(LiveCounters counters, PrintStream out, boolean visible) {
    this.visible = visible;
    this.counters = counters;
    this.out = out;
  }

  static LiveView open(LiveCounters counters, PrintStream out) {
    LiveView view = new LiveView(counters, out, Terminal.isStandardError());
    if (view.visible) {
      Thread.ofVirtual().name("live-view").start(view::refresh);
    }
    return view;
  }

  private void refresh() {
    try {
      while (!stopped.await(1, TimeUnit.SECONDS)) {
        out.print("\r\u001b[K" + line());
        out.flush();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private String line() {
    long sent = counters.sentCount();
    String line =
        String.format(
            Locale.ROOT,
            "%d req/s, %d in flight, %.1f %% attained, TTFT p50 %.0f ms, p99 %.0f ms",
            sent - lastSent,
            counters.inFlight(),
            100 * counters.attainment(),
            counters.ttftMillis(50),
            counters.ttftMillis(99));
    lastSent = sent;
    return line;
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
