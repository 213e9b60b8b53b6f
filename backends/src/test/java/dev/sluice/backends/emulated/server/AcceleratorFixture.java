package dev.sluice.backends.emulated.server;

import com.google.protobuf.Duration;
import dev.sluice.backends.TokenChunk;
import dev.sluice.backends.emulated.fault.Conduct;
import dev.sluice.backends.profile.AcceleratorKind;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.InferenceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A server on loopback over a backend that the test plays, and a standard client of it. */
@SuppressWarnings("NullAway.Init") // start() sets the channel
final class AcceleratorFixture implements AutoCloseable {

  static final GenerateRequest REQUEST =
      GenerateRequest.newBuilder().setModel("m").setText("hello").setRequestId("r-1").build();

  final HandDrivenBackend backend = new HandDrivenBackend();
  final AtomicLong nowNanos = new AtomicLong(1_000);
  final AcceleratorServer server =
      new AcceleratorServer(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
          new AcceleratorServer.Served("m", "h100-m", AcceleratorKind.GPU, 4_096),
          backend,
          nowNanos::get,
          // a token is a character
          new AcceleratorServer.Faults(Conduct.GOOD, null, _ -> _ -> 1));
  ManagedChannel channel;

  void start() throws IOException {
    server.start();
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.port())
            .usePlaintext()
            .flowControlWindow(64 * 1024)
            .build();
  }

  InferenceGrpc.InferenceBlockingStub stub() {
    return InferenceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  static Duration millis(int millis) {
    return Duration.newBuilder()
        .setSeconds(millis / 1_000)
        .setNanos(millis % 1_000 * 1_000_000)
        .build();
  }

  @SuppressWarnings("NullAway") // a record's class file does not tell that its array may be null
  static TokenChunk withIds(int index, int count, String text, List<Integer> ids) {
    return new TokenChunk(index, count, text, ids, null);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.close();
  }
}
