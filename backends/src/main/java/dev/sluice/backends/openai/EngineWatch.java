package dev.sluice.backends.openai;

import dev.sluice.backends.LoadReport;
import dev.sluice.backends.NewestReport;
import dev.sluice.backends.openai.http.BlockingExchange;
import dev.sluice.backends.openai.http.ResponseHead;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Looks after one engine beside its generations, on a thread of its own: whether one that was down
 * is back, and what its metrics say of its load. Begins when the backend is first looked at.
 */
final class EngineWatch {

  static final Preset.MetricNames NO_METRICS = new Preset.MetricNames("", "", "", "");

  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int MOST_ANSWER_MILLIS = 2_000;

  /** An engine without metrics is asked for them this seldom. */
  private static final int ROUNDS_WITHOUT = 60;

  /** A report older than this says nothing of now. */
  private static final long MOST_AGE_NANOS = 5 * PERIOD_NANOS;

  private final OpenAiBackend backend;
  private final Preset.MetricNames names;
  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile @Nullable Thread thread;
  private final NewestReport newest = new NewestReport(MOST_AGE_NANOS);
  private int roundsToWait;

  EngineWatch(OpenAiBackend backend, Preset.MetricNames names) {
    this.backend = backend;
    this.names = names;
  }

  /** Begins, if it has not. */
  void begin() {
    if (!begun.get() && begun.compareAndSet(false, true)) {
      thread = Thread.ofVirtual().name("sluice-watch-" + backend.terms().url()).start(this::run);
    }
  }

  /** The newest report, if it is not too old. */
  Optional<LoadReport> load() {
    return newest.at(System.nanoTime());
  }

  void close() {
    LockSupport.unpark(thread);
  }

  private void run() {
    backend.client().probe();
    while (!backend.isClosed()) {
      if (backend.client().isDown()) {
        backend.client().probe();
      } else if (!names.path().isEmpty() && --roundsToWait <= 0) {
        roundsToWait = read() ? 0 : ROUNDS_WITHOUT;
      }
      LockSupport.parkNanos(this, PERIOD_NANOS);
    }
  }

  /** Reads the metrics; false if there are none. */
  private boolean read() {
    try (BlockingExchange exchange = backend.client().blockingExchange()) {
      ResponseHead head =
          exchange.send(
              backend.get(backend.terms().url().beside(names.path())), MOST_ANSWER_MILLIS);
      byte[] body = Bodies.read(exchange);
      if (head.status() != 200) {
        return false;
      }
      PrometheusText metrics = PrometheusText.parse(body, names);
      if (metrics.isComplete()) {
        newest.came(metrics.report(), System.nanoTime());
      }
      return metrics.isComplete();
    } catch (IOException _) {
      return true; // it may have them when it can be asked again
    }
  }
}
