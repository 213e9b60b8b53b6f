package dev.sluice.loadtest.live;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The connections to the target, taken in turn. */
final class Connections implements AutoCloseable {
  private static final int CONNECT_SECONDS = 5;
  private static final int MAX_RESPONSE_BYTES = 64 << 20;

  private final List<ManagedChannel> channels = new ArrayList<>();

  Connections(String target, int count) {
    for (int i = 0; i < count; i++) {
      channels.add(
          Grpc.newChannelBuilder(target, InsecureChannelCredentials.create())
              .directExecutor()
              // A retry in the client would hide what the target did.
              .disableRetry()
              .maxInboundMessageSize(MAX_RESPONSE_BYTES)
              .build());
    }
  }

  /** Connects them all; false when the target cannot be reached. */
  boolean connect() throws InterruptedException {
    CountDownLatch ready = new CountDownLatch(channels.size());
    channels.forEach(channel -> watch(channel, ready));
    return ready.await(CONNECT_SECONDS, TimeUnit.SECONDS);
  }

  private static void watch(ManagedChannel channel, CountDownLatch ready) {
    ConnectivityState state = channel.getState(true);
    if (state == ConnectivityState.READY) {
      ready.countDown();
    } else {
      channel.notifyWhenStateChanged(state, () -> watch(channel, ready));
    }
  }

  ClientCall<byte[], byte[]> newCall(int index, long deadlineNanos) {
    return channels
        .get(index % channels.size())
        .newCall(
            GenerateMethod.DESCRIPTOR,
            CallOptions.DEFAULT.withDeadlineAfter(deadlineNanos, TimeUnit.NANOSECONDS));
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }
}
