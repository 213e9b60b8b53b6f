package dev.sluice.backends;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A call whose answer is one piece: keeps it until the sink has asked for it, then hands over piece
 * and end together. The end of one that failed needs no permission.
 *
 * <p>Permission, cancellation and answer come from any threads; whoever brings what was still
 * missing delivers, so nobody waits for a lock.
 */
public final class OnePiece implements BackendCall {

  private static final int ASKED = 1;
  private static final int WHOLE = 2;
  private static final int OVER = 4;
  private static final int CANCELLED = 8;

  private final TokenSink sink;
  private final Runnable onCancel;
  private final AtomicInteger state = new AtomicInteger();
  private volatile @Nullable Answer answer;

  private record Answer(TokenChunk chunk, Completion completion) {}

  /**
   * A call without an answer yet.
   *
   * @param onCancel run once, when the call is cancelled before it is over
   */
  public OnePiece(TokenSink sink, Runnable onCancel) {
    this.sink = sink;
    this.onCancel = onCancel;
  }

  /** A call that has failed already. */
  public static OnePiece failed(TokenSink sink, BackendFailure failure) {
    OnePiece call = new OnePiece(sink, () -> {});
    call.fail(failure);
    return call;
  }

  @Override
  public void request(int chunks) {
    if (chunks < 1) {
      throw new IllegalArgumentException("chunks: " + chunks + " (expected: >= 1)");
    }
    add(ASKED);
  }

  /** The answer is there; only the first end of a call counts. */
  public void complete(Vectors vectors, int inputTokens) {
    answer = new Answer(TokenChunk.ofVectors(vectors), Completion.ofVectors(inputTokens));
    add(WHOLE);
  }

  /** There will be none. */
  public void fail(BackendFailure failure) {
    if (end()) {
      sink.failed(failure);
    }
  }

  @Override
  public void cancel() {
    int before = state.getAndUpdate(flags -> flags | OVER | CANCELLED);
    if ((before & OVER) == 0) {
      onCancel.run();
    }
  }

  /** Whether nothing more will be delivered. */
  public boolean isOver() {
    return (state.get() & OVER) != 0;
  }

  private void add(int flag) {
    int before = state.getAndUpdate(flags -> flags | flag);
    Answer whole = answer;
    boolean isComplete = (before | flag) == (ASKED | WHOLE);
    if (isComplete && whole != null && end()) {
      sink.tokens(whole.chunk());
      if ((state.get() & CANCELLED) == 0) {
        sink.finished(whole.completion());
      }
    }
  }

  /** Ends it; false if it was over before. */
  private boolean end() {
    return (state.getAndUpdate(flags -> flags | OVER) & OVER) == 0;
  }

  @Override
  public String toString() {
    return "OnePiece[" + (isOver() ? "over" : "under way") + "]";
  }
}
