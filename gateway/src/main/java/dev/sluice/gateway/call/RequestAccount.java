package dev.sluice.gateway.call;

import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Failure;

/**
 * The open account of one request: told what happens, closed exactly once. Called by one thread at
 * a time.
 *
 * <p>Only the first closing counts, so that no way out of a request is counted twice.
 */
public interface RequestAccount {

  /** An attempt is made; once per attempt. */
  void routed(AdmittedRequest request, Assignment assignment);

  /** A further attempt is made that goes on with the answer. */
  void resumed(AdmittedRequest request, Assignment assignment, RequestRecord.Seam seam);

  /** {@code count} tokens are being passed on. */
  void delivered(int count);

  /** Tokens passed on so far. */
  int deliveredTokens();

  /**
   * The answer is complete.
   *
   * @param reason why it ended, such as {@code STOP}
   * @param usage tokens as the backend counted them
   * @param expense estimated cost and energy
   * @return the closed account
   */
  RequestRecord complete(String reason, RequestRecord.Usage usage, RequestRecord.Expense expense);

  /** There is no complete answer. */
  void fail(Failure failure);
}
