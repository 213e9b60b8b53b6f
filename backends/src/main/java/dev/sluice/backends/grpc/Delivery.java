package dev.sluice.backends.grpc;

import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Completion;
import dev.sluice.backends.OneAtATime;
import dev.sluice.backends.TokenChunk;
import dev.sluice.backends.TokenSink;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands the chunks of one generation to its sink as the sink permits, and then the end.
 *
 * <p>Chunks come on the event loop, permission from any thread; whoever brings either delivers, one
 * at a time.
 */
public final class Delivery {

  private final TokenSink sink;
  private final IntConsumer puller;

  private final OneAtATime delivering = new OneAtATime(this::deliver);
  private final AtomicLong asked = new AtomicLong();
  private final Queue<TokenChunk> waiting = new ConcurrentLinkedQueue<>();
  private volatile @Nullable End end;
  private volatile boolean cancelled;

  // whoever delivers
  private long permitted;
  private boolean ended;

  /** How it ends; a regular end waits for its chunks to be taken. */
  private sealed interface End {}

  private record Finished(Completion completion) implements End {}

  private record Failed(BackendFailure failure) implements End {}

  /**
   * A delivery to {@code sink} of which nothing has come.
   *
   * @param puller is told how many more chunks were permitted, unless the end is there
   */
  public Delivery(TokenSink sink, IntConsumer puller) {
    this.sink = sink;
    this.puller = puller;
  }

  /** The sink permits so many more chunks. */
  public void permit(int chunks) {
    if (chunks < 1) {
      throw new IllegalArgumentException("chunks: " + chunks + " (expected: >= 1)");
    }
    asked.getAndAdd(chunks);
    delivering.ask();
  }

  /** The sink hears nothing any more, but for what it is being told at this moment. */
  public void cancel() {
    cancelled = true;
  }

  /** Whether {@link #cancel} was called. */
  public boolean isCancelled() {
    return cancelled;
  }

  /** Whether what comes now has no place any more. */
  public boolean isOver() {
    return end != null || cancelled;
  }

  /** The next chunk came. */
  public void add(TokenChunk chunk) {
    waiting.add(chunk);
    delivering.ask();
  }

  /** It ended regularly; counts once. */
  public void finish(Completion completion) {
    end(new Finished(completion));
  }

  /**
   * It ended irregularly, and chunks that wait for permission do not matter any more; counts once.
   */
  public void fail(BackendFailure failure) {
    end(new Failed(failure));
  }

  private void end(End how) {
    if (end == null) {
      end = how;
      delivering.ask();
    }
  }

  private void deliver() {
    // read first: whatever was taken before the end is then already waiting
    End last = end;
    long more = asked.get() == 0 ? 0 : asked.getAndSet(0);
    permitted += more;
    deliverWaiting();
    if (last == null) {
      if (more > 0) {
        puller.accept((int) Math.min(more, Integer.MAX_VALUE));
      }
    } else if (!ended && !cancelled && (last instanceof Failed || waiting.isEmpty())) {
      ended = true;
      switch (last) {
        case Finished(Completion completion) -> sink.finished(completion);
        case Failed(BackendFailure failure) -> sink.failed(failure);
      }
    }
  }

  private void deliverWaiting() {
    while (permitted > 0 && !cancelled) {
      TokenChunk chunk = waiting.poll();
      if (chunk == null) {
        return;
      }
      permitted--;
      sink.tokens(chunk);
    }
  }
}
