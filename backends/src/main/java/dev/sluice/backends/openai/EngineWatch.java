package dev.sluice.backends.openai;

import dev.sluice.backends.LoadReport;
import dev.sluice.backends.NewestReport;
import dev.sluice.backends.openai.http.BlockingExchange;
import dev.sluice.backends.openai.http.ResponseHead;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Looks after one engine beside its generations, on a thread of its own: whether one that was down
 * is back, what its metrics say of its load, and whether its key has changed. Begins when the
 * backend is first looked at.
 */
final class EngineWatch {

  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int MOST_ANSWER_MILLIS = 2_000;

  /** An engine without metrics is asked for them this seldom. */
  private static final int ROUNDS_WITHOUT = 60;

  /** A report older than this says nothing of now. */
  private static final long MOST_AGE_NANOS = 5 * PERIOD_NANOS;

  /** Before anything was said. */
  private static final LoadReport NOTHING = new LoadReport(0, 0, 0, 0);

  private final OpenAiBackend backend;
  private final Preset.Load sources;
  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile @Nullable Thread thread;

  /** With what answers said since the engine was last asked. */
  private final NewestReport newest = new NewestReport(MOST_AGE_NANOS);

  /** What it said when it was last asked. */
  private final NewestReport asked = new NewestReport(MOST_AGE_NANOS);

  private int roundsToWait;

  EngineWatch(OpenAiBackend backend, Preset.Load sources) {
    this.backend = backend;
    this.sources = sources;
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
      backend.terms().credentials().readAgain();
      if (backend.client().isDown()) {
        backend.client().probe();
      } else if (!sources.metrics().path().isEmpty() && --roundsToWait <= 0) {
        roundsToWait = readMetrics() || readSlots() ? 0 : ROUNDS_WITHOUT;
      }
      LockSupport.parkNanos(this, PERIOD_NANOS);
    }
  }

  /** Whether answers to generations tell of the load when they are asked to. */
  boolean readsHeader() {
    return sources.header().areAny();
  }

  /** Takes what an answer says of the load; what it does not say is as it was. */
  void told(ResponseHead head) {
    if (!readsHeader()) {
      return;
    }
    head.header(LoadHeader.NAME)
        .ifPresent(
            value -> {
              long nowNanos = System.nanoTime();
              LoadReport before = asked.at(nowNanos).orElse(NOTHING);
              newest.came(LoadHeader.over(before, value, sources.header()), nowNanos);
            });
  }

  /** Reads the metrics; false if there are none. */
  private boolean readMetrics() {
    return read(
        sources.metrics().path(),
        body -> {
          PrometheusText metrics = PrometheusText.parse(body, sources.metrics());
          return metrics.isComplete() ? metrics.report() : null;
        });
  }

  /** Reads the list of slots, which does not tell who waits; false if there is none. */
  private boolean readSlots() {
    return !sources.slots().isEmpty()
        && read(
            sources.slots(),
            body -> {
              OptionalInt running = SlotList.running(body);
              return running.isPresent() ? new LoadReport(running.getAsInt(), 0, 0, 0) : null;
            });
  }

  private boolean read(String path, Function<byte[], @Nullable LoadReport> reader) {
    try (BlockingExchange exchange = backend.client().blockingExchange()) {
      ResponseHead head =
          exchange.send(backend.get(backend.terms().url().beside(path)), MOST_ANSWER_MILLIS);
      byte[] body = Bodies.read(exchange);
      LoadReport report = head.status() == 200 ? reader.apply(body) : null;
      if (report != null) {
        long nowNanos = System.nanoTime();
        asked.came(report, nowNanos);
        newest.came(report, nowNanos);
      }
      return report != null;
    } catch (IOException _) {
      return true; // it may have them when it can be asked again
    }
  }
}
