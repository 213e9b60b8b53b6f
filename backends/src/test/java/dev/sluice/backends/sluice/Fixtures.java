package dev.sluice.backends.sluice;

import dev.sluice.backends.Generation;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.Sampling;
import dev.sluice.backends.grpc.Address;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What the tests of this package share. */
final class Fixtures {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private Fixtures() {}

  static Generation generation() {
    return generation(Generation.Terms.NONE);
  }

  static Generation generation(Generation.Terms terms) {
    return new Generation("r-1", "m", new Prompt.Text("a secret"), Sampling.upTo(100), terms);
  }

  static SluiceBackend backend(Address address) {
    return new SluiceBackend(address, TimeUnit.SECONDS.toNanos(60), 1);
  }

  /** A port on which nobody listens. */
  static Address nobody() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new Address("127.0.0.1", socket.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until {@code condition} holds. */
  static void until(BooleanSupplier condition) {
    long startNanos = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - startNanos > PATIENCE_NANOS) {
        throw new AssertionError("did not come to hold within 20 s");
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}
