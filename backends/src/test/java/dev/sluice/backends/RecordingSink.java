package dev.sluice.backends;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A sink that keeps what it is told, checks what every backend promises, and lets a test wait for
 * it.
 */
public final class RecordingSink implements TokenSink {

  /** Far longer than anything here takes: a test that waits this long has failed. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<TokenChunk> chunks = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private final int firstIndex;
  private int tokens;
  private int ends;
  private long pushedBackNanos;
  private @Nullable Completion completion;
  private @Nullable BackendFailure failure;

  /** A sink of a whole answer. */
  public RecordingSink() {
    this(0);
  }

  /** A sink of an answer from token {@code firstIndex} on. */
  public RecordingSink(int firstIndex) {
    this.firstIndex = firstIndex;
  }

  /** The sink of a small generation that was started at {@code backend}, all of it asked for. */
  public static RecordingSink started(Backend backend) {
    RecordingSink sink = new RecordingSink();
    backend
        .start(
            new Generation(
                "r", "m", new Prompt.Text("x"), Sampling.upTo(10), Generation.Terms.NONE),
            sink)
        .request(Integer.MAX_VALUE);
    return sink;
  }

  @Override
  public void tokens(TokenChunk chunk) {
    lock.lock();
    try {
      if (ends > 0) {
        violations.add("tokens after the end: " + chunk);
      }
      if (chunk.index() != firstIndex + tokens) {
        violations.add("index: " + chunk.index() + " (expected: " + (firstIndex + tokens) + ")");
      }
      tokens += chunk.count();
      chunks.add(chunk);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void pushedBack(long nanos) {
    lock.lock();
    try {
      if (ends > 0 || pushedBackNanos > 0 || nanos <= 0) {
        violations.add("pushed back for " + nanos + " after " + pushedBackNanos);
      }
      pushedBackNanos = nanos;
    } finally {
      lock.unlock();
    }
  }

  /** For how long the backend said that it takes nothing new; 0 when it did not. */
  public long pushedBackNanos() {
    lock.lock();
    try {
      return pushedBackNanos;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void finished(Completion completion) {
    end(() -> this.completion = completion);
  }

  @Override
  public void failed(BackendFailure failure) {
    end(() -> this.failure = failure);
  }

  private void end(Runnable how) {
    lock.lock();
    try {
      if (++ends > 1) {
        violations.add("a further end");
      }
      how.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the regular end. */
  public Completion awaitCompletion() {
    await(() -> ends > 0);
    if (completion == null) {
      throw new AssertionError("failure: " + failure + " (expected: a completion)");
    }
    return completion;
  }

  /** Waits for the irregular end. */
  public BackendFailure awaitFailure() {
    await(() -> ends > 0);
    if (failure == null) {
      throw new AssertionError("completion: " + completion + " (expected: a failure)");
    }
    return failure;
  }

  /** Waits until {@code count} chunks have come; fails if the end comes before. */
  public void awaitChunks(int count) {
    await(() -> chunks.size() >= count || ends > 0);
    if (chunks().size() < count) {
      throw new AssertionError("the end came before " + count + " chunks: " + this);
    }
  }

  /** The chunks so far. */
  public List<TokenChunk> chunks() {
    lock.lock();
    try {
      return List.copyOf(chunks);
    } finally {
      lock.unlock();
    }
  }

  /** Tokens so far. */
  public int tokenCount() {
    lock.lock();
    try {
      return tokens;
    } finally {
      lock.unlock();
    }
  }

  /** Text of the tokens so far. */
  public String text() {
    StringBuilder text = new StringBuilder();
    chunks().forEach(chunk -> text.append(chunk.text()));
    return text.toString();
  }

  /** The vectors of the one chunk that came. */
  public Vectors vectors() {
    List<TokenChunk> all = chunks();
    Vectors vectors = all.size() == 1 ? all.getFirst().vectors() : null;
    if (vectors == null) {
      throw new AssertionError("chunks: " + all + " (expected: one with vectors)");
    }
    return vectors;
  }

  /** How many ends were told so far. */
  public int ends() {
    lock.lock();
    try {
      return ends;
    } finally {
      lock.unlock();
    }
  }

  /** Promises broken so far; empty for a correct backend. */
  public List<String> violations() {
    lock.lock();
    try {
      return List.copyOf(violations);
    } finally {
      lock.unlock();
    }
  }

  private void await(BooleanSupplier condition) {
    long left = PATIENCE.toNanos();
    lock.lock();
    try {
      while (!condition.getAsBoolean()) {
        if (left <= 0) {
          throw new AssertionError("nothing came for " + PATIENCE.toSeconds() + " s: " + this);
        }
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    String how = failure == null ? "" : ", " + failure;
    return "RecordingSink[%d chunks, %d tokens, %d ends%s]"
        .formatted(chunks.size(), tokens, ends, how);
  }
}
