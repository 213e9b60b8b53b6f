package dev.sluice.gateway.accounting;

import dev.sluice.gateway.call.Assignment;
import dev.sluice.gateway.call.RequestAccount;
import dev.sluice.gateway.call.RequestRecord;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.BudgetPart;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.core.request.Task;
import dev.sluice.gateway.time.NanoClock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The account of one request while it runs. */
final class OpenAccount implements RequestAccount {

  private final InferenceRequest request;
  private final NanoClock clock;
  private final Ledger ledger;
  private final RecordWriter writer;

  private @Nullable AdmittedRequest admitted;
  private @Nullable Assignment assignment;
  private int attempts;
  private final List<RequestRecord.Resume> resumes = new ArrayList<>(0);
  private long decisionNanos;
  private long firstTokenNanos;
  private long lastTokenNanos;
  private int tokens;
  private boolean closed;

  OpenAccount(InferenceRequest request, NanoClock clock, Ledger ledger, RecordWriter writer) {
    this.request = request;
    this.clock = clock;
    this.ledger = ledger;
    this.writer = writer;
  }

  @Override
  public void routed(AdmittedRequest admitted, Assignment assignment) {
    this.admitted = admitted;
    this.assignment = assignment;
    attempts++;
    if (decisionNanos == 0) {
      decisionNanos = sinceArrivalNanos();
    }
  }

  @Override
  public void resumed(AdmittedRequest admitted, Assignment assignment, RequestRecord.Seam seam) {
    routed(admitted, assignment);
    resumes.add(new RequestRecord.Resume(seam, assignment));
  }

  @Override
  public void delivered(int count) {
    lastTokenNanos = sinceArrivalNanos();
    if (tokens == 0) {
      firstTokenNanos = lastTokenNanos;
    }
    tokens += count;
  }

  @Override
  public int deliveredTokens() {
    return tokens;
  }

  @Override
  public RequestRecord complete(
      String reason, RequestRecord.Usage usage, RequestRecord.Expense expense) {
    RequestRecord account = account(new RequestRecord.Completed(reason), usage, expense);
    close(account);
    return account;
  }

  @Override
  public void fail(Failure failure) {
    close(
        account(
            new RequestRecord.Failed(failure),
            RequestRecord.Usage.estimated(
                request.size().inputTokens(), request.size().begunTokens() + tokens),
            RequestRecord.Expense.NOTHING));
  }

  private void close(RequestRecord account) {
    if (closed) {
      return;
    }
    closed = true;
    ledger.deliveredTokens.add(tokens);
    switch (account.outcome()) {
      case RequestRecord.Completed _ -> ledger.completed.increment();
      case RequestRecord.Failed(Failure failure) -> {
        if (isTheCallersEnd(failure.reason())) {
          ledger.cancelled.increment();
        } else if (assignment == null) {
          ledger.rejected.increment();
        } else {
          ledger.failed.increment();
        }
      }
    }
    writer.add(account);
  }

  /** Whether it is the caller who ended a request. */
  static boolean isTheCallersEnd(Reason reason) {
    return reason == Reason.CALLER_CANCELLED || reason == Reason.CLIENT_TOO_SLOW;
  }

  private RequestRecord account(
      RequestRecord.Outcome outcome, RequestRecord.Usage usage, RequestRecord.Expense expense) {
    long totalNanos = sinceArrivalNanos();
    long perTokenNanos = tokens > 1 ? (lastTokenNanos - firstTokenNanos) / (tokens - 1) : 0;
    RequestRecord.Times times =
        new RequestRecord.Times(decisionNanos, firstTokenNanos, perTokenNanos, totalNanos);
    AdmittedRequest routed = admitted;
    Assignment assigned = assignment;
    return new RequestRecord(
        new RequestRecord.Asked(request.id(), request.model()),
        routed == null || assigned == null
            ? null
            : new RequestRecord.Routing(routed, assigned, attempts, resumes),
        outcome,
        usage,
        times,
        routed == null ? List.of() : missed(routed, outcome, times),
        expense);
  }

  /** An answer that is not complete misses every part of its budget that it has not met yet. */
  private static List<BudgetPart> missed(
      AdmittedRequest request, RequestRecord.Outcome outcome, RequestRecord.Times times) {
    Budget budget = request.budget();
    boolean complete = outcome instanceof RequestRecord.Completed;
    List<BudgetPart> missed = new ArrayList<>(0);
    // what comes in one piece has its total alone
    if (request.task() == Task.GENERATE
        && isMissed(
            budget.firstTokenNanos(), times.firstTokenNanos(), times.firstTokenNanos() > 0)) {
      missed.add(BudgetPart.TIME_TO_FIRST_TOKEN);
    }
    if (isMissed(budget.perTokenNanos(), times.perTokenNanos(), complete)) {
      missed.add(BudgetPart.TIME_PER_OUTPUT_TOKEN);
    }
    if (isMissed(budget.totalNanos(), times.totalNanos(), complete)) {
      missed.add(BudgetPart.TOTAL);
    }
    return missed;
  }

  private static boolean isMissed(long budgetNanos, long measuredNanos, boolean reached) {
    return budgetNanos > 0 && (!reached || measuredNanos > budgetNanos);
  }

  private long sinceArrivalNanos() {
    return clock.nanoTime() - request.timing().arrivalNanos();
  }
}
