package dev.sluice.backends.emulated;

import dev.sluice.backends.BackendCall;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Embedding;
import dev.sluice.backends.OnePiece;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.PromptLength;
import dev.sluice.backends.TokenSink;
import dev.sluice.backends.Vectors;
import dev.sluice.backends.emulated.model.Engine;
import dev.sluice.backends.emulated.model.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One running embedding: prompts of which nothing is wanted but what the engine knows when they are
 * processed, so each is a sequence with an answer of one token. Its answer is there when the last
 * of them is.
 *
 * <p>Short inputs go together in one sequence of at most the context, as they do in one batch.
 */
final class EmulatedEmbedding implements Running {

  private final OnePiece call;
  private final Vectors vectors;
  private final List<Sequence> sequences = new ArrayList<>();
  private final int inputTokens;
  private final String misfit;

  /**
   * What a model can do.
   *
   * @param dimensions longest vector
   * @param contextTokens longest input
   */
  record Limits(int dimensions, int contextTokens) {}

  EmulatedEmbedding(
      EmulatedBackend backend, Embedding embedding, Limits limits, AtomicLong ids, TokenSink sink) {
    call = new OnePiece(sink, () -> backend.cancelled(this));
    int asked = embedding.dimensions();
    int dimensions = asked == 0 ? limits.dimensions() : Math.min(asked, limits.dimensions());
    vectors = EmulatedVectors.of(embedding.model(), embedding.inputs(), dimensions);
    int longest = 0;
    int all = 0;
    int together = 0;
    for (Prompt.Input input : embedding.inputs()) {
      int tokens = Math.max(1, PromptLength.tokens(input));
      longest = Math.max(longest, tokens);
      all += tokens;
      if (together > 0 && together + tokens > limits.contextTokens()) {
        sequences.add(new Sequence(ids.getAndIncrement(), together, 1));
        together = 0;
      }
      together += tokens;
    }
    sequences.add(new Sequence(ids.getAndIncrement(), together, 1));
    inputTokens = all;
    misfit =
        asked > limits.dimensions()
            ? tooLong("dimensions", asked, limits.dimensions())
            : tooLong("input tokens", longest, limits.contextTokens());
  }

  /** Why something is too much; empty when it is not. */
  private static String tooLong(String what, int count, int most) {
    return count <= most ? "" : what + ": " + count + " (expected: at most " + most + ")";
  }

  BackendCall call() {
    return call;
  }

  @Override
  public List<Sequence> sequences() {
    return sequences;
  }

  @Override
  public String misfit() {
    return misfit;
  }

  @Override
  public boolean deliver(Engine engine) {
    if (isProcessed()) {
      call.complete(vectors, inputTokens);
    }
    return hasEnded();
  }

  private boolean isProcessed() {
    for (Sequence sequence : sequences) {
      if (sequence.endedNanos() == Engine.NEVER) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean isCancelled() {
    return call.isOver();
  }

  @Override
  public boolean hasEnded() {
    return call.isOver() && isProcessed();
  }

  @Override
  public void fail(BackendFailure failure) {
    call.fail(failure);
  }
}
