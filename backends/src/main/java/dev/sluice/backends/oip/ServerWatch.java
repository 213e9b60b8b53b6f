package dev.sluice.backends.oip;

import dev.sluice.backends.LoadReport;
import dev.sluice.backends.NewestReport;
import dev.sluice.inference.GRPCInferenceServiceGrpc;
import dev.sluice.inference.InferStatistics;
import dev.sluice.inference.ModelMetadataRequest;
import dev.sluice.inference.ModelReadyRequest;
import dev.sluice.inference.ModelStatistics;
import dev.sluice.inference.ModelStatisticsRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after one server beside its generations, on a thread of its own: whether the model is
 * ready, what inputs it takes, and what its statistics say of its load. Begins when the backend is
 * first looked at or asked.
 */
final class ServerWatch {

  private static final Logger LOG = LoggerFactory.getLogger(ServerWatch.class);

  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How soon it is asked again while it is not known to serve: others wait for it. */
  private static final long SHORT_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private static final long MOST_ANSWER_SECONDS = 2;

  /** A report older than this says nothing of now. */
  private static final long MOST_AGE_NANOS = 5 * PERIOD_NANOS;

  private final OipBackend backend;
  private final GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub server;
  private final LoadMeter meter;
  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile @Nullable Thread thread;
  private final NewestReport newest = new NewestReport(MOST_AGE_NANOS);
  private volatile Signature signature = Signature.UNKNOWN;
  private volatile boolean serves;

  // its thread only
  private boolean hasStatistics = true;
  private String told = "";

  ServerWatch(OipBackend backend, ManagedChannel channel, LoadMeter meter) {
    this.backend = backend;
    server = GRPCInferenceServiceGrpc.newBlockingStub(channel);
    this.meter = meter;
  }

  /** Begins, if it has not. */
  void begin() {
    if (!begun.get() && begun.compareAndSet(false, true)) {
      thread = Thread.ofVirtual().name("sluice-watch-oip").start(this::run);
    }
  }

  /** Whether the model is ready and takes what it would be sent, as far as is known. */
  boolean serves() {
    return serves;
  }

  /** The inputs that the model takes, as far as is known. */
  Signature signature() {
    return signature;
  }

  /** The newest report, if it is not too old. */
  Optional<LoadReport> load() {
    return newest.at(System.nanoTime());
  }

  void close() {
    LockSupport.unpark(thread);
  }

  private void run() {
    while (!backend.isClosed()) {
      try {
        look();
      } catch (RuntimeException bug) {
        LOG.error("the watch over {} failed", backend, bug);
      }
      LockSupport.parkNanos(this, serves ? PERIOD_NANOS : SHORT_PERIOD_NANOS);
    }
  }

  private void look() {
    Optional<Boolean> ready = ready();
    if (ready.isEmpty()) {
      return; // a busy server that did not say so in time: what was known still holds
    }
    if (!ready.get()) {
      serves = false;
    } else if (!serves) {
      serves = fits();
    }
    if (serves && hasStatistics) {
      readStatistics();
    }
  }

  /** Whether the model is ready; empty if there is no answer in time. */
  private Optional<Boolean> ready() {
    try {
      boolean ready =
          soon()
              .modelReady(ModelReadyRequest.newBuilder().setName(backend.terms().model()).build())
              .getReady();
      if (!ready) {
        tell("model " + backend.terms().model() + " is not ready");
      }
      return Optional.of(ready);
    } catch (StatusRuntimeException e) {
      return switch (e.getStatus().getCode()) {
        case DEADLINE_EXCEEDED -> Optional.empty();
        case UNIMPLEMENTED -> Optional.of(true); // its deeds tell
        default -> {
          tell("ModelReady of " + backend.terms().model() + ": " + e.getStatus().getCode());
          yield Optional.of(false);
        }
      };
    }
  }

  private boolean fits() {
    try {
      signature =
          Signature.of(
              soon()
                  .modelMetadata(
                      ModelMetadataRequest.newBuilder().setName(backend.terms().model()).build()));
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.UNIMPLEMENTED) {
        tell("ModelMetadata of " + backend.terms().model() + ": " + e.getStatus().getCode());
        return false;
      }
    }
    Optional<String> misfit = signature.misfit(backend.terms().names());
    tell(
        misfit
            .map(why -> "model " + backend.terms().model() + ": " + why)
            .orElse("model " + backend.terms().model() + " is ready"));
    return misfit.isEmpty();
  }

  private void readStatistics() {
    try {
      long totalNanos = 0;
      long queueNanos = 0;
      for (ModelStatistics each :
          soon()
              .modelStatistics(
                  ModelStatisticsRequest.newBuilder().setName(backend.terms().model()).build())
              .getModelStatsList()) {
        InferStatistics statistics = each.getInferenceStats();
        totalNanos += statistics.getSuccess().getNs();
        queueNanos += statistics.getQueue().getNs();
      }
      long nowNanos = System.nanoTime();
      newest.came(meter.read(totalNanos, queueNanos, nowNanos), nowNanos);
    } catch (StatusRuntimeException e) {
      hasStatistics = e.getStatus().getCode() != Status.Code.UNIMPLEMENTED;
    }
  }

  private GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub soon() {
    return server.withDeadlineAfter(MOST_ANSWER_SECONDS, TimeUnit.SECONDS);
  }

  /** Logs what is new. */
  private void tell(String what) {
    if (!what.equals(told) && !backend.isClosed()) {
      told = what;
      LOG.info("{}: {}", backend.terms().address(), what);
    }
  }
}
