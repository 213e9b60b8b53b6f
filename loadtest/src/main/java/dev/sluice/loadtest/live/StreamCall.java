package dev.sluice.loadtest.live;

import com.google.protobuf.CodedInputStream;
import dev.sluice.loadtest.report.Account;
import dev.sluice.loadtest.report.Ending;
import dev.sluice.loadtest.report.Forecast;
import dev.sluice.loadtest.report.Outcome;
import dev.sluice.loadtest.report.Placement;
import dev.sluice.loadtest.report.RequestResult;
import dev.sluice.loadtest.report.Timeline;
import dev.sluice.loadtest.report.TokenTally;
import dev.sluice.loadtest.workload.ScheduledRequest;
import dev.sluice.v1.Admitted;
import dev.sluice.v1.CountSource;
import dev.sluice.v1.Finished;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One request on the wire: times its events and checks its tokens. Its callbacks run one after the
 * other on the connection's event loop.
 */
final class StreamCall extends ClientCall.Listener<byte[]> {
  private static final int TEXT_TAG = 3 << 3 | 2;

  /** Where a finished call leaves its result, and its token gaps while it runs. */
  interface Session {
    void recordTokens(ScheduledRequest request, long gapNanos, int tokens);

    void finished(RequestResult result);
  }

  private final ScheduledRequest request;
  private final ClientCall<byte[], byte[]> call;
  private final Session session;
  private final NanoClock clock;
  private final long startNanos;
  private final TokenLedger ledger = new TokenLedger();

  private long sentNanos;
  private long admittedNanos = Timeline.NEVER;
  private long firstTokenNanos = Timeline.NEVER;
  private long lastTokenNanos = Timeline.NEVER;
  private @Nullable Admitted admitted;
  private @Nullable Finished finished;
  private boolean unreadable;
  private @Nullable Witness witness;
  private volatile boolean runEnded;

  StreamCall(
      ScheduledRequest request,
      ClientCall<byte[], byte[]> call,
      Session session,
      NanoClock clock,
      long startNanos) {
    this.request = request;
    this.call = call;
    this.session = session;
    this.clock = clock;
    this.startNanos = startNanos;
  }

  /** Lets {@code witness} see the answer; to be called before the start. */
  void watchedBy(@Nullable Witness witness) {
    this.witness = witness;
  }

  void start(byte[] message) {
    sentNanos = sinceStart();
    call.start(this, new Metadata());
    // Tokens are measured as they come: the reader must never hold them back.
    call.request(Integer.MAX_VALUE);
    call.sendMessage(message);
    call.halfClose();
  }

  /** Calls the request off because the run is over. */
  void endWithRun() {
    runEnded = true;
    call.cancel("the run is over", null);
  }

  @Override
  public void onMessage(byte[] message) {
    long nowNanos = sinceStart();
    try {
      take(CodedInputStream.newInstance(message), nowNanos);
    } catch (IOException | ProtocolViolation _) {
      unreadable = true;
      call.cancel("unreadable message", null);
    }
  }

  private void take(CodedInputStream in, long nowNanos) throws IOException, ProtocolViolation {
    int tag = in.readTag();
    switch (tag >>> 3) {
      case 1 -> {
        admittedNanos = nowNanos;
        admitted = Admitted.parseFrom(in.readByteBuffer());
      }
      case 2 -> takeTokens(in, nowNanos);
      case 3 -> finished = Finished.parseFrom(in.readByteBuffer());
      default -> throw new ProtocolViolation();
    }
  }

  private void takeTokens(CodedInputStream in, long nowNanos)
      throws IOException, ProtocolViolation {
    in.pushLimit(in.readRawVarint32());
    int index = 0;
    int count = 0;
    String text = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case 1 << 3 -> index = in.readUInt32();
        case 2 << 3 -> count = in.readUInt32();
        case TEXT_TAG -> text = takeText(in);
        default -> in.skipField(tag);
      }
    }
    if (index < 0 || count < 1 || (long) index + count > TokenLedger.MAX_INDEX) {
      throw new ProtocolViolation();
    }
    ledger.take(index, count);
    if (witness != null) {
      witness.tokens(index, count, text, nowNanos);
    }
    if (firstTokenNanos == Timeline.NEVER) {
      firstTokenNanos = nowNanos;
    } else {
      session.recordTokens(request, (nowNanos - lastTokenNanos) / count, count);
    }
    lastTokenNanos = nowNanos;
  }

  /** Text is decoded for a witness only. */
  private String takeText(CodedInputStream in) throws IOException {
    if (witness == null) {
      in.skipRawBytes(in.readRawVarint32());
      return "";
    }
    return in.readStringRequireUtf8();
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    long closedNanos = sinceStart();
    if (witness != null) {
      witness.closed(closedNanos);
    }
    Finished account = finished;
    TokenTally tally = ledger.tally(account == null ? 0 : account.getUsage().getOutputTokens());
    session.finished(
        new RequestResult(
            request,
            endingOf(status, trailers, tally),
            new Timeline(
                request.intendedNanos(),
                sentNanos,
                admittedNanos,
                firstTokenNanos,
                lastTokenNanos,
                closedNanos),
            tally,
            placement(),
            forecast(),
            account == null ? null : toAccount(account)));
  }

  private Ending endingOf(Status status, Metadata trailers, TokenTally tally) {
    if (unreadable) {
      return new Ending(Outcome.BROKEN, "UNREADABLE_MESSAGE");
    }
    if (!status.isOk()) {
      return runEnded && status.getCode() == Status.Code.CANCELLED
          ? new Ending(Outcome.CANCELLED, "RUN_ENDED")
          : Endings.ofFailure(status, trailers, admitted != null);
    }
    if (finished == null) {
      return new Ending(Outcome.BROKEN, "NO_FINISHED");
    }
    if (!tally.intact()) {
      return new Ending(Outcome.BROKEN, "TOKENS_DAMAGED");
    }
    return tally.received() == 0 ? new Ending(Outcome.BROKEN, "EMPTY_ANSWER") : Ending.COMPLETED;
  }

  private Placement placement() {
    if (admitted == null) {
      return Placement.NOWHERE;
    }
    String name = admitted.getAccelerator().name();
    return new Placement(admitted.getBackend(), name.substring(name.indexOf('_') + 1));
  }

  private @Nullable Forecast forecast() {
    if (admitted == null || !admitted.hasForecast()) {
      return null;
    }
    dev.sluice.v1.Forecast forecast = admitted.getForecast();
    return new Forecast(
        ProtoTimes.toNanos(forecast.getTimeToFirstToken()),
        ProtoTimes.toNanos(forecast.getTimePerOutputToken()),
        ProtoTimes.toNanos(forecast.getTotal()),
        forecast.getProbability(),
        ProtoTimes.toNanos(forecast.getTimeToFirstTokenP90()),
        ProtoTimes.toNanos(forecast.getTimePerOutputTokenP90()));
  }

  private static Account toAccount(Finished finished) {
    return new Account(
        ProtoTimes.toNanos(finished.getTimeToFirstToken()),
        ProtoTimes.toNanos(finished.getTimePerOutputToken()),
        ProtoTimes.toNanos(finished.getTotal()),
        finished.getBudget().getMet(),
        finished.getAttempts(),
        finished.getEstimatedCostUsd(),
        finished.getEstimatedEnergyJoules(),
        countedBy(finished.getUsage().getCounted()));
  }

  private static String countedBy(CountSource source) {
    return switch (source) {
      case COUNT_SOURCE_BACKEND -> "backend";
      case COUNT_SOURCE_TOKENIZER -> "tokenizer";
      case COUNT_SOURCE_ESTIMATE -> "estimate";
      case COUNT_SOURCE_UNSPECIFIED, UNRECOGNIZED -> "";
    };
  }

  private long sinceStart() {
    return clock.nanoTime() - startNanos;
  }

  /** A message that the protocol does not allow. */
  private static final class ProtocolViolation extends Exception {
    ProtocolViolation() {
      super("protocol violation", null, false, false);
    }
  }
}
