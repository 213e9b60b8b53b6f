package dev.sluice.gateway;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendCall;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Completion;
import dev.sluice.backends.Embedding;
import dev.sluice.backends.Generation;
import dev.sluice.backends.OnePiece;
import dev.sluice.backends.TokenChunk;
import dev.sluice.backends.TokenSink;
import dev.sluice.backends.Vectors;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A backend whose every event is the test's doing; keeps its own ledger. */
final class FakeBackend implements Backend {

  final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
  final BlockingQueue<Embedded> embeddings = new LinkedBlockingQueue<>();
  final AtomicInteger started = new AtomicInteger();
  final AtomicInteger cancelled = new AtomicInteger();
  final AtomicInteger delivered = new AtomicInteger();
  volatile boolean reachable = true;
  volatile boolean refusing;

  @Override
  public BackendCall start(Generation generation, TokenSink sink) {
    started.incrementAndGet();
    Call call = new Call(generation, sink);
    if (refusing) {
      sink.failed(new BackendFailure.NeverSent("connection refused"));
    } else {
      calls.add(call);
    }
    return call;
  }

  @Override
  public BackendCall embed(Embedding embedding, TokenSink sink) {
    started.incrementAndGet();
    OnePiece call = new OnePiece(sink, cancelled::incrementAndGet);
    embeddings.add(new Embedded(embedding, call));
    return call;
  }

  @Override
  public boolean reachable() {
    return reachable;
  }

  @Override
  public void close() {}

  /** The next call that arrives. */
  Call next() throws InterruptedException {
    Call call = calls.poll(10, TimeUnit.SECONDS);
    if (call == null) {
      throw new AssertionError("no call arrived within 10 s");
    }
    return call;
  }

  /** The next embedding that arrives. */
  Embedded nextEmbedding() throws InterruptedException {
    Embedded call = embeddings.poll(10, TimeUnit.SECONDS);
    if (call == null) {
      throw new AssertionError("no embedding arrived within 10 s");
    }
    return call;
  }

  /** One embedding, answered by hand. */
  record Embedded(Embedding embedding, OnePiece call) {

    /** Answers with vectors of two values, {@code first} and more by one for each after it. */
    void answer(float first, int inputTokens) {
      float[] values = new float[2 * embedding.inputs().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = first + i;
      }
      call.complete(new Vectors(2, values), inputTokens);
    }

    void fail(BackendFailure failure) {
      call.fail(failure);
    }
  }

  /** One generation, driven by hand. Delivers only what was asked for, as the port demands. */
  final class Call implements BackendCall {
    final Generation generation;
    private final TokenSink sink;
    private final Deque<TokenChunk> waiting = new ArrayDeque<>();
    private int credit;
    private boolean ended;
    volatile boolean isCancelled;

    private Call(Generation generation, TokenSink sink) {
      this.generation = generation;
      this.sink = sink;
    }

    @Override
    public synchronized void request(int chunks) {
      credit += chunks;
      flush();
      notifyAll();
    }

    @Override
    public void cancel() {
      isCancelled = true;
      cancelled.incrementAndGet();
      synchronized (this) {
        ended = true;
        notifyAll();
      }
    }

    void token(int index, String text) {
      chunk(TokenChunk.ofText(index, 1, text));
    }

    synchronized void chunk(TokenChunk chunk) {
      waiting.add(chunk);
      flush();
    }

    /** Waits until every token was asked for. */
    private synchronized void awaitTaken() throws InterruptedException {
      long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (!waiting.isEmpty() && System.nanoTime() < endNanos) {
        wait(100);
      }
      if (!waiting.isEmpty()) {
        throw new AssertionError("tokens were not asked for within 10 s");
      }
    }

    synchronized int unasked() {
      return waiting.size();
    }

    void answer(int tokens) throws InterruptedException {
      for (int i = 0; i < tokens; i++) {
        token(i, "t" + i + " ");
      }
      finish(tokens);
    }

    /** Ends regularly, after what was to be delivered before. */
    void finish(int tokens) throws InterruptedException {
      finish(tokens, Completion.Reason.STOP);
    }

    void finish(int tokens, Completion.Reason reason) throws InterruptedException {
      finish(new Completion(reason, 3, tokens, 0));
    }

    void finish(Completion completion) throws InterruptedException {
      awaitTaken();
      sink.finished(completion);
    }

    void fail(BackendFailure failure) throws InterruptedException {
      awaitTaken();
      sink.failed(failure);
    }

    synchronized boolean awaitCancelled() throws InterruptedException {
      long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (!ended && System.nanoTime() < endNanos) {
        wait(100);
      }
      return ended;
    }

    private void flush() {
      while (credit > 0 && !waiting.isEmpty()) {
        credit--;
        delivered.incrementAndGet();
        sink.tokens(waiting.remove());
      }
    }
  }
}
