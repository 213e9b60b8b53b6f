package dev.sluice.backends.grpc;

import io.grpc.Codec;
import io.grpc.ConnectivityState;
import io.grpc.DecompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * One connection to a backend: opened when first needed, then kept, and opened anew soon after it
 * was lost. Limits are those of faults §5.2.
 */
public final class Connection {

  /** Most bytes of a message, unless a call allows more. */
  public static final int MOST_RESPONSE_BYTES = 4 * 1024 * 1024;

  private static final int CONNECT_MILLIS = 1_000;
  private static final int WINDOW_BYTES = 64 * 1024;
  private static final int MOST_METADATA_BYTES = 16 * 1024;
  private static final long KEEPALIVE_ANSWER_SECONDS = 20;

  /**
   * Longest pause between attempts to connect. gRPC's own backoff grows to two minutes, for which a
   * backend that has come back would stand idle. Chosen without measurement; one attempt per
   * backend in two seconds is no load.
   */
  private static final long MOST_BACKOFF_SECONDS = 2;

  private static final Executor LATER =
      CompletableFuture.delayedExecutor(MOST_BACKOFF_SECONDS, TimeUnit.SECONDS);

  private final ManagedChannel channel;

  /** Whether it was ever up; written and read in the order of the channel's changes. */
  private volatile boolean wasReady;

  /**
   * A connection in clear text to {@code address} that is not open yet.
   *
   * @param keepaliveNanos how long it may be silent before it is probed
   */
  public Connection(Address address, long keepaliveNanos) {
    this(address, keepaliveNanos, Encryption.none());
  }

  /** The same, encrypted or not. */
  public Connection(Address address, long keepaliveNanos, Encryption encryption) {
    channel =
        NettyChannelBuilder.forAddress(address.host(), address.port(), encryption.credentials())
            .directExecutor()
            // the gateway decides what is tried again, and where
            .disableRetry()
            .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .flowControlWindow(WINDOW_BYTES)
            .maxInboundMessageSize(MOST_RESPONSE_BYTES)
            .maxInboundMetadataSize(MOST_METADATA_BYTES)
            // offers no compression: a token gains nothing, and a bomb has no way in
            .decompressorRegistry(
                DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, false))
            .keepAliveTime(keepaliveNanos, TimeUnit.NANOSECONDS)
            .keepAliveTimeout(KEEPALIVE_ANSWER_SECONDS, TimeUnit.SECONDS)
            .keepAliveWithoutCalls(true)
            // a closed connection would cost the next request a handshake: it is never idle
            .idleTimeout(Long.MAX_VALUE, TimeUnit.DAYS)
            .build();
    watch(ConnectivityState.IDLE);
  }

  /** What calls are made on. */
  public ManagedChannel channel() {
    return channel;
  }

  /** Whether it is up, or not known to be down. Opens it if it was not opened yet. */
  public boolean usable() {
    return switch (channel.getState(true)) {
      case READY, CONNECTING, IDLE -> true;
      case TRANSIENT_FAILURE, SHUTDOWN -> false;
    };
  }

  /** Ends it and the calls on it. */
  public void close() {
    channel.shutdownNow();
  }

  private void watch(ConnectivityState seen) {
    channel.notifyWhenStateChanged(seen, this::changed);
  }

  private void changed() {
    ConnectivityState state = channel.getState(wasReady);
    switch (state) {
      case READY -> wasReady = true;
      case TRANSIENT_FAILURE -> LATER.execute(this::retry);
      case IDLE, CONNECTING, SHUTDOWN -> {}
    }
    if (state != ConnectivityState.SHUTDOWN) {
      watch(state);
    }
  }

  /** Tries again, and again later, for as long as it stays down. */
  private void retry() {
    if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      channel.resetConnectBackoff();
      LATER.execute(this::retry);
    }
  }

  @Override
  public String toString() {
    return channel.getState(false).toString();
  }
}
