package dev.sluice.gateway.transport.http;

import dev.sluice.gateway.time.NanoClock;
import java.io.IOException;
import java.net.Socket;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Accepts callers' connections as {@link CallerEndPoint}s, on one selector, and asks a silent one
 * now and then whether it is still there.
 */
final class CallerConnector extends ServerConnector {

  /** A caller who vanished without a word is noticed after 10 s and three questions: 25 s. */
  private static final int KEEP_ALIVE_IDLE_SECONDS = 10;

  private static final int KEEP_ALIVE_INTERVAL_SECONDS = 5;
  private static final int KEEP_ALIVE_QUESTIONS = 3;

  private final NanoClock clock;

  CallerConnector(Server server, NanoClock clock, ConnectionFactory... factories) {
    // no acceptor: the selector accepts as well
    super(server, 0, 1, factories);
    this.clock = clock;
  }

  @Override
  protected SocketChannelEndPoint newEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key) throws IOException {
    SocketChannelEndPoint endPoint =
        new CallerEndPoint(
            channel,
            selector,
            key,
            getScheduler(),
            new CallerEndPoint.Surroundings(getExecutor(), clock));
    endPoint.setIdleTimeout(getIdleTimeout());
    return endPoint;
  }

  @Override
  protected void configure(Socket socket) {
    super.configure(socket);
    try {
      socket.setKeepAlive(true);
      socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEP_ALIVE_IDLE_SECONDS);
      socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEP_ALIVE_INTERVAL_SECONDS);
      socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KEEP_ALIVE_QUESTIONS);
    } catch (IOException | UnsupportedOperationException e) {
      // the connection works without
    }
  }

  /**
   * Closes connections that are idle for so long from now on, those that are open already included;
   * HTTP/2 says goodbye first.
   */
  void idleFor(long millis) {
    setIdleTimeout(millis);
    for (EndPoint endPoint : getConnectedEndPoints()) {
      endPoint.setIdleTimeout(millis);
    }
  }

  void closeHeadsBegunBefore(long nanos) {
    for (EndPoint endPoint : getConnectedEndPoints()) {
      if (endPoint instanceof CallerEndPoint own && own.headBeganBefore(nanos)) {
        own.close();
      }
    }
  }
}
