package dev.sluice.gateway.relay;

import dev.sluice.gateway.call.Answer;
import dev.sluice.gateway.call.Assignment;
import dev.sluice.gateway.call.InboundCall;
import dev.sluice.gateway.call.RequestAccount;
import dev.sluice.gateway.call.RequestRecord;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Failure;
import java.util.List;

/**
 * Passes one answer on to its caller and into its account.
 *
 * <p>Counts before it writes: the instant of a token is when it reaches the gateway's exit,
 * whatever the caller's speed.
 */
public final class Relay implements Answer {

  private final InboundCall call;
  private final RequestAccount account;
  private boolean begun;
  private boolean ended;

  /** The answer to {@code call}, kept in {@code account}. */
  public Relay(InboundCall call, RequestAccount account) {
    this.call = call;
    this.account = account;
  }

  @Override
  public void attempt(AdmittedRequest request, Assignment assignment) {
    account.routed(request, assignment);
    if (begun) {
      call.reassigned(assignment);
    } else {
      begun = true;
      call.admitted(assignment);
    }
  }

  @Override
  public void resumed(AdmittedRequest request, Assignment assignment, RequestRecord.Seam seam) {
    account.resumed(request, assignment, seam);
  }

  @Override
  public void tokens(int index, int count, String text, List<Integer> ids) {
    account.delivered(count);
    call.tokens(index, count, text, ids);
  }

  @Override
  public void pieces(int index, int count, List<String> pieces) {
    account.delivered(count);
    call.pieces(index, count, pieces);
  }

  @Override
  public void deltas(List<String> deltas) {
    call.deltas(deltas);
  }

  @Override
  public void encodedTokens(int count, byte[] response) {
    account.delivered(count);
    call.encodedTokens(response);
  }

  @Override
  public void vectors(int dimensions, float[] values) {
    account.delivered(1);
    call.vectors(dimensions, values);
  }

  @Override
  public void complete(String reason, RequestRecord.Usage usage, RequestRecord.Expense expense) {
    if (end()) {
      call.finished(account.complete(reason, usage, expense));
    }
  }

  @Override
  public void fail(Failure failure) {
    if (end()) {
      account.fail(failure);
      call.failed(failure, account.deliveredTokens());
    }
  }

  @Override
  public boolean wantsMore() {
    return call.isReady();
  }

  @Override
  public void listen(Runnable onWantsMore, Runnable onCancelled) {
    call.listen(onWantsMore, onCancelled);
  }

  private boolean end() {
    boolean first = !ended;
    ended = true;
    return first;
  }
}
