package dev.sluice.backends.openai.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of one host. A lookup that fails or takes too long leaves the last good ones in
 * use; none is made on the caller's virtual thread, whose carrier it would hold.
 */
final class Addresses {

  /** How long a set of addresses is used before it is asked for again (faults F23). */
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final long MOST_LOOKUP_MILLIS = 2_000;

  private static final ExecutorService LOOKUPS =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().name("sluice-lookup-", 0).daemon().factory());

  private final String host;
  private volatile @Nullable Known known;

  Addresses(String host) {
    this.host = host;
  }

  private record Known(List<InetAddress> addresses, long atNanos) {}

  /** The addresses, at least one. */
  List<InetAddress> get() throws NeverSentException {
    Known last = known;
    long nowNanos = System.nanoTime();
    if (last != null && nowNanos - last.atNanos < FRESH_NANOS) {
      return last.addresses;
    }
    try {
      Known found = new Known(List.of(lookUp()), nowNanos);
      known = found;
      return found.addresses;
    } catch (UnknownHostException e) {
      if (last == null) {
        throw new NeverSentException("cannot resolve the host");
      }
      known = new Known(last.addresses, nowNanos);
      return last.addresses;
    }
  }

  private InetAddress[] lookUp() throws UnknownHostException {
    Future<InetAddress[]> lookup = LOOKUPS.submit(() -> InetAddress.getAllByName(host));
    try {
      return lookup.get(MOST_LOOKUP_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException _) {
      throw new UnknownHostException(host);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnknownHostException(host);
    }
  }
}
