package dev.sluice.backends.emulated;

import dev.sluice.backends.BackendCall;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Completion;
import dev.sluice.backends.TokenChunk;
import dev.sluice.backends.TokenSink;
import dev.sluice.backends.emulated.model.Engine;
import dev.sluice.backends.emulated.model.Sequence;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running generation: hands tokens that are out to the sink as far as it asked for chunks.
 *
 * <p>Tokens that wait are a number, not objects: their text is made when they leave, all in one
 * chunk. {@link #request} and {@link #cancel} come from any thread, all else from the clock's.
 */
final class EmulatedStream implements BackendCall, Running {

  private static final Logger logger = LoggerFactory.getLogger(EmulatedStream.class);

  private final EmulatedBackend backend;
  private final Answer answer;
  private final Input input;
  private final Sequence sequence;
  private final TokenSink sink;

  private final AtomicLong credits = new AtomicLong();

  /** Whether tokens wait for a credit, so that the next one must wake the clock. */
  private volatile boolean starved;

  private volatile boolean cancelled;

  /** Tokens that the sink has, those said elsewhere included. */
  private int delivered;

  private boolean ended;

  EmulatedStream(
      EmulatedBackend backend, Answer answer, Input input, Sequence sequence, TokenSink sink) {
    this.backend = backend;
    this.answer = answer;
    this.input = input;
    this.sequence = sequence;
    this.sink = sink;
    delivered = input.saidTokens();
  }

  /**
   * What the generation begins with.
   *
   * @param promptTokens tokens of the prompt
   * @param saidTokens tokens of the answer that were said elsewhere
   * @param knownTokens those of them that the engine takes as given
   * @param misfit why it cannot be served; empty when it can
   */
  record Input(int promptTokens, int saidTokens, int knownTokens, String misfit) {}

  @Override
  public void request(int chunks) {
    if (chunks < 1) {
      throw new IllegalArgumentException("chunks: " + chunks + " (expected: >= 1)");
    }
    credits.getAndAdd(chunks);
    if (starved) {
      backend.creditCame(this);
    }
  }

  @Override
  public void cancel() {
    if (!cancelled) {
      cancelled = true;
      backend.cancelled(this);
    }
  }

  @Override
  public List<Sequence> sequences() {
    return List.of(sequence);
  }

  @Override
  public String misfit() {
    return input.misfit();
  }

  @Override
  public boolean deliver(Engine engine) {
    if (ended) {
      return true;
    }
    int waiting = input.knownTokens() + engine.tokens(sequence) - delivered;
    if (waiting > 0 && !cancelled && tryTakeCredit()) {
      TokenChunk chunk = TokenChunk.ofText(delivered, waiting, answer.text(delivered, waiting));
      delivered += waiting;
      guarded(() -> sink.tokens(chunk));
    }
    if (delivered == answer.tokens() && sequence.endedNanos() != Engine.NEVER) {
      end(() -> sink.finished(completion()));
    }
    return ended;
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public boolean hasEnded() {
    return ended;
  }

  @Override
  public void fail(BackendFailure failure) {
    end(() -> sink.failed(failure));
  }

  private void end(Runnable event) {
    if (!ended) {
      ended = true;
      if (!cancelled) {
        guarded(event);
      }
    }
  }

  private Completion completion() {
    return new Completion(
        answer.reason(), input.promptTokens(), answer.tokens(), sequence.cachedTokens());
  }

  private boolean tryTakeCredit() {
    if (credits.get() == 0) {
      starved = true;
      // a credit that came before the flag was seen has woken nobody
      if (credits.get() == 0) {
        return false;
      }
    }
    starved = false;
    credits.getAndDecrement();
    return true;
  }

  /** A sink that breaks its promise not to throw loses its stream and harms no other. */
  private void guarded(Runnable event) {
    try {
      event.run();
    } catch (RuntimeException e) {
      logger.error("The sink of {} threw; the generation is cancelled", sequence, e);
      cancel();
    }
  }
}
