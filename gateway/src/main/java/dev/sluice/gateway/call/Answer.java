package dev.sluice.gateway.call;

import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Failure;
import java.util.List;

/**
 * The answer to one request on its way to the caller, as whoever produces it sees it. Called by one
 * thread at a time, but for {@link #listen}'s callbacks.
 */
public interface Answer {

  /** An attempt begins; the caller hears of the first. */
  void attempt(AdmittedRequest request, Assignment assignment);

  /** Another attempt goes on with the answer. */
  void resumed(AdmittedRequest request, Assignment assignment, RequestRecord.Seam seam);

  /** Passes tokens on. */
  void tokens(int index, int count, String text, List<Integer> ids);

  /** Passes tokens on whose text the engine gave in these pieces, at least two. */
  void pieces(int index, int count, List<String> pieces);

  /**
   * Passes on what came with the last tokens and is no text: members of a piece of OpenAI's API
   * each, as JSON in ASCII on one line.
   */
  void deltas(List<String> deltas);

  /** Passes tokens on that are encoded as {@code sluice.v1.GenerateResponse} already. */
  void encodedTokens(int count, byte[] response);

  /** Passes on the vectors of an embedding, {@code dimensions} values each: all of its answer. */
  void vectors(int dimensions, float[] values);

  /** Ends the answer regularly. */
  void complete(String reason, RequestRecord.Usage usage, RequestRecord.Expense expense);

  /** Ends the answer irregularly. */
  void fail(Failure failure);

  /** Whether the caller keeps up. */
  boolean wantsMore();

  /** Who wants to know when {@link #wantsMore} turns true, and that the caller went away. */
  void listen(Runnable onWantsMore, Runnable onCancelled);
}
