package dev.sluice.backends.emulated;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendCall;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.Completion;
import dev.sluice.backends.Generation;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.Sampling;
import dev.sluice.backends.TokenChunk;
import dev.sluice.backends.TokenSink;
import dev.sluice.backends.emulated.model.ProfileFixtures;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;

/**
 * Measures the clock thread's CPU time per token with many concurrent streams in real time.
 *
 * <p>Streams are spread over engines, each of which steps every 24 ms or so; every sink asks for
 * one chunk at a time, as a gateway does. The figure contains the sinks' own work, which is little.
 */
final class BenchmarkEmulatedTokens {

  private static final int STREAMS = 1_000;
  private static final int ENGINES = 12;
  private static final int WARM_UP_TOKENS = 200;
  private static final int TOKENS = 300;

  private BenchmarkEmulatedTokens() {}

  /** Prints the figure. */
  public static void main(String[] arguments) throws InterruptedException {
    measure(STREAMS, ENGINES, WARM_UP_TOKENS);
    System.out.println(measure(STREAMS, ENGINES, TOKENS));
  }

  /**
   * What was measured.
   *
   * @param tokens delivered
   * @param chunks they came in
   * @param cpuMicrosPerToken of the clock's thread
   */
  record Result(long tokens, long chunks, double cpuMicrosPerToken) {}

  static Result measure(int streams, int engines, int tokens) throws InterruptedException {
    List<Backend> backends = new ArrayList<>();
    for (int i = 0; i < engines; i++) {
      backends.add(
          new EmulatedBackendFactory()
              .create(new BackendSpec("b" + i, "m", ProfileFixtures.h100x4Llama70b(), Map.of())));
    }
    CountDownLatch running = new CountDownLatch(streams);
    LongAdder chunks = new LongAdder();
    long before = clockCpuNanos();
    for (int i = 0; i < streams; i++) {
      Sink sink = new Sink(running, chunks);
      sink.follow(backends.get(i % engines).start(generation(i, tokens), sink));
    }
    running.await();
    long cpuNanos = clockCpuNanos() - before;
    backends.forEach(Backend::close);
    long all = (long) streams * tokens;
    return new Result(all, chunks.sum(), cpuNanos / 1e3 / all);
  }

  private static Generation generation(int number, int tokens) {
    return new Generation(
        "r" + number,
        "m",
        new Prompt.Text("question " + number),
        Sampling.upTo(2 * tokens),
        new Generation.Terms(0, 0, 0, 0, "", "", tokens));
  }

  private static long clockCpuNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    for (long id : threads.getAllThreadIds()) {
      var info = threads.getThreadInfo(id);
      if (info != null && info.getThreadName().equals("emulated-engines")) {
        return threads.getThreadCpuTime(id);
      }
    }
    return 0;
  }

  private static final class Sink implements TokenSink {

    private final CountDownLatch running;
    private final LongAdder chunks;
    private final CompletableFuture<BackendCall> call = new CompletableFuture<>();

    Sink(CountDownLatch running, LongAdder chunks) {
      this.running = running;
      this.chunks = chunks;
    }

    void follow(BackendCall started) {
      call.complete(started);
      started.request(1);
    }

    @Override
    public void tokens(TokenChunk chunk) {
      chunks.increment();
      call.join().request(1);
    }

    @Override
    public void finished(Completion completion) {
      running.countDown();
    }

    @Override
    public void failed(BackendFailure failure) {
      running.countDown();
    }
  }
}
