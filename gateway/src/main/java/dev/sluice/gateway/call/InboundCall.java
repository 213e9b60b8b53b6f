package dev.sluice.gateway.call;

import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.InferenceRequest;
import java.util.List;

/**
 * A caller's request on the wire, whatever the protocol. Methods that write are called by one
 * thread at a time.
 *
 * <p>Life: {@link #admitted}, any number of tokens, then {@link #finished} or {@link #failed}; a
 * call may also fail at once.
 */
public interface InboundCall {

  /** What is asked, as far as decisions need it. */
  InferenceRequest request();

  /** What is asked, as far as backends need it. */
  Payload payload();

  /** Tells the caller who serves the request and what to expect. */
  void admitted(Assignment assignment);

  /**
   * Another backend serves the request, as nothing came from the one before; for callers that have
   * not been told anything yet.
   */
  default void reassigned(Assignment assignment) {}

  /** Passes tokens on. */
  void tokens(int index, int count, String text, List<Integer> ids);

  /**
   * Passes tokens on whose text the engine gave in these pieces, at least two: where a message is
   * an engine's event, callers count them.
   */
  default void pieces(int index, int count, List<String> pieces) {
    tokens(index, count, String.join("", pieces), List.of());
  }

  /**
   * Passes on what came with the last tokens and is no text: members of a piece of OpenAI's API
   * each, as JSON in ASCII on one line. Only callers get it who asked for more than words.
   */
  default void deltas(List<String> deltas) {}

  /** Passes tokens on that are encoded as {@code sluice.v1.GenerateResponse} already. */
  void encodedTokens(byte[] response);

  /**
   * Passes on the vectors of an embedding, {@code dimensions} values each: all of its answer; for
   * callers that asked for some.
   */
  default void vectors(int dimensions, float[] values) {
    throw new IllegalStateException("vectors: some (expected: tokens, as was asked for)");
  }

  /** Ends the call with its account. */
  void finished(RequestRecord account);

  /** Ends the call with an error; {@code tokensDelivered} tokens went out before. */
  void failed(Failure failure, int tokensDelivered);

  /** Whether the caller keeps up: more can be written without piling up here. */
  boolean isReady();

  /**
   * Who wants to know of the caller's doings; at most one. Both may be called from any thread.
   *
   * @param onReady called when {@link #isReady} turns true
   * @param onCancelled called when the caller went away; nothing written after it arrives
   */
  void listen(Runnable onReady, Runnable onCancelled);
}
