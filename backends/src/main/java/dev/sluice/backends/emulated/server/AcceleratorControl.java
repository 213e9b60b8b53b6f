package dev.sluice.backends.emulated.server;

import dev.sluice.backends.emulated.fault.Conduct;
import dev.sluice.backends.emulated.fault.MisbehaviourText;
import dev.sluice.v1.AcceleratorControlGrpc;
import dev.sluice.v1.GenerationState;
import dev.sluice.v1.LedgerGeneration;
import dev.sluice.v1.LedgerRequest;
import dev.sluice.v1.LedgerResponse;
import dev.sluice.v1.MisbehaveRequest;
import dev.sluice.v1.MisbehaveResponse;
import io.grpc.stub.StreamObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code sluice.v1.AcceleratorControl}. */
final class AcceleratorControl extends AcceleratorControlGrpc.AcceleratorControlImplBase {

  private static final Logger logger = LoggerFactory.getLogger(AcceleratorControl.class);

  private final Misconduct misconduct;
  private final Ledger ledger;
  private final long seed;

  /** A control whose choices are by {@code seed} where a call gives none. */
  AcceleratorControl(Misconduct misconduct, Ledger ledger, long seed) {
    this.misconduct = misconduct;
    this.ledger = ledger;
    this.seed = seed;
  }

  @Override
  public void misbehave(MisbehaveRequest request, StreamObserver<MisbehaveResponse> response) {
    Conduct conduct;
    try {
      conduct =
          new Conduct(
              MisbehaviourText.parse(request.getBehaviour()),
              request.hasShare() ? request.getShare() : 1,
              request.getSeed() == 0 ? seed : request.getSeed());
    } catch (IllegalArgumentException e) {
      Refusal refusal = Refusal.malformed(String.valueOf(e.getMessage()));
      response.onError(refusal.status().asRuntimeException(refusal.trailers()));
      return;
    }
    Conduct before = misconduct.tell(conduct);
    logger.info("told to be {}", conduct);
    response.onNext(
        MisbehaveResponse.newBuilder()
            .setBehaviour(conduct.text())
            .setBefore(before.text())
            .build());
    response.onCompleted();
  }

  @Override
  public void ledger(LedgerRequest request, StreamObserver<LedgerResponse> response) {
    Ledger.Reading reading = ledger.read();
    LedgerResponse.Builder answer =
        LedgerResponse.newBuilder()
            .setProcessId(ProcessHandle.current().pid())
            .setReceived(reading.received())
            .setRefused(reading.refused())
            .setCompleted(reading.completed())
            .setFailed(reading.failed())
            .setCancelled(reading.cancelled())
            .setRunning(reading.running())
            .setTokensEmitted(reading.tokens());
    // unsigned on the wire: above 2147483647 it is negative here
    int most = request.getMostGenerations();
    for (Ledger.Entry entry : ledger.newest(most < 0 ? Ledger.MOST_GENERATIONS : most)) {
      answer.addGenerations(generation(entry));
    }
    response.onNext(answer.build());
    response.onCompleted();
  }

  private static LedgerGeneration generation(Ledger.Entry entry) {
    return LedgerGeneration.newBuilder()
        .setRequestId(entry.requestId())
        .setFirstIndex(entry.firstIndex())
        .setTokens(entry.sent())
        .setState(state(entry.state()))
        .build();
  }

  private static GenerationState state(Ledger.State state) {
    return switch (state) {
      case RUNNING -> GenerationState.GENERATION_STATE_RUNNING;
      case REFUSED -> GenerationState.GENERATION_STATE_REFUSED;
      case COMPLETED -> GenerationState.GENERATION_STATE_COMPLETED;
      case FAILED -> GenerationState.GENERATION_STATE_FAILED;
      case CANCELLED -> GenerationState.GENERATION_STATE_CANCELLED;
    };
  }
}
