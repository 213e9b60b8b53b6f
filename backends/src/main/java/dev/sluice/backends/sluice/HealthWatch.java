package dev.sluice.backends.sluice;

import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a server says of its own health, by the standard {@code grpc.health.v1}: one stream on which
 * it tells each change, opened anew after it was lost. A server without that service, and one that
 * says nothing of itself, is taken to be well; its deeds tell.
 */
final class HealthWatch {

  /** Pause before a lost stream is opened anew; the connection's loss is noticed elsewhere. */
  private static final Executor LATER =
      CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, Runnable::run);

  private final ManagedChannel channel;
  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile boolean unwell;

  /** A watch over {@code channel}, which {@link #begin} starts. */
  HealthWatch(ManagedChannel channel) {
    this.channel = channel;
  }

  /** Starts the watch; once. */
  void begin() {
    if (!begun.get() && begun.compareAndSet(false, true)) {
      open();
    }
  }

  /** Whether the server said that it serves nobody now. */
  boolean unwell() {
    return unwell;
  }

  private void open() {
    Context inbound = Context.ROOT.attach();
    try {
      HealthGrpc.newStub(channel)
          .withWaitForReady()
          .watch(HealthCheckRequest.getDefaultInstance(), new Listener());
    } finally {
      Context.ROOT.detach(inbound);
    }
  }

  private final class Listener implements StreamObserver<HealthCheckResponse> {

    @Override
    public void onNext(HealthCheckResponse response) {
      unwell = response.getStatus() == ServingStatus.NOT_SERVING;
    }

    @Override
    public void onError(Throwable error) {
      unwell = false;
      boolean unknown = Status.fromThrowable(error).getCode() == Status.Code.UNIMPLEMENTED;
      if (!unknown && !channel.isShutdown()) {
        LATER.execute(HealthWatch.this::open);
      }
    }

    @Override
    public void onCompleted() {
      onError(Status.UNAVAILABLE.asException());
    }
  }
}
