package dev.sluice.backends.openai.http;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;

/**
 * The addresses of one host. A lookup that fails or takes too long leaves the last good ones in use
 * (faults F23); the runtime asks again every half minute.
 */
final class LastGoodAddresses implements SocketAddressResolver {

  private final SocketAddressResolver lookup;
  private volatile List<InetSocketAddress> last = List.of();

  LastGoodAddresses(SocketAddressResolver lookup) {
    this.lookup = lookup;
  }

  @Override
  public void resolve(
      String host,
      int port,
      Map<String, Object> context,
      Promise<List<InetSocketAddress>> addresses) {
    lookup.resolve(
        host,
        port,
        context,
        new Promise<>() {
          @Override
          public void succeeded(List<InetSocketAddress> found) {
            last = found;
            addresses.succeeded(found);
          }

          @Override
          public void failed(Throwable failure) {
            if (last.isEmpty()) {
              addresses.failed(new UnknownHostException(host));
            } else {
              addresses.succeeded(last);
            }
          }
        });
  }
}
