package dev.sluice.gateway.accounting;

import dev.sluice.gateway.call.RequestAccount;
import dev.sluice.gateway.call.RequestRecord;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.time.NanoClock;
import java.util.function.Consumer;

/** Opens one account for each request and sees that it is closed once. */
public final class Accounting implements AutoCloseable {

  private final NanoClock clock;
  private final Ledger ledger;
  private final RecordWriter writer;

  /**
   * Accounts kept by {@code clock} in {@code ledger}; every closed one goes to {@code metrics} and
   * the log.
   */
  public Accounting(NanoClock clock, Ledger ledger, Consumer<RequestRecord> metrics) {
    this.clock = clock;
    this.ledger = ledger;
    writer = new RecordWriter(metrics, ledger);
  }

  /** Opens the account of {@code request}. */
  public RequestAccount open(InferenceRequest request) {
    ledger.received.increment();
    return new OpenAccount(request, clock, ledger, writer);
  }

  /**
   * Opens and closes the account of a call that arrived at {@code arrivalNanos} and could not be
   * read.
   */
  public void unreadable(Failure failure, long arrivalNanos) {
    ledger.received.increment();
    ledger.rejected.increment();
    writer.add(RequestRecord.ofUnreadable(failure, clock.nanoTime() - arrivalNanos));
  }

  /** Writes what is left. */
  @Override
  public void close() {
    writer.close();
  }
}
