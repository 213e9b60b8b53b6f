package dev.sluice.backends.openai.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** One connection and what was read of it ahead. Used by one thread at a time; closed by any. */
final class Connection implements AutoCloseable {

  private static final int CONNECT_MILLIS = 1_000;

  /** Of the whole TLS handshake's silences; faults F24 asks for a failure within a second or so. */
  private static final int HANDSHAKE_MILLIS = 5_000;

  private static final int BUFFER_BYTES = 16 * 1024;
  private static final int MOST_HEAD_BYTES = 32 * 1024;

  /** The socket that closes without a farewell, which could block. */
  private final Socket transport;

  private final Socket socket;

  /** Null under TLS, where bytes that come unasked mean nothing. */
  private final @Nullable SocketChannel channel;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int at;
  private int end;

  /** The beginning of a line whose reading was timed out. */
  private final StringBuilder line = new StringBuilder();

  private int exchanges;
  private long receivedBytes;
  private long idleSinceNanos;

  private Connection(Socket transport, Socket socket, @Nullable SocketChannel channel)
      throws IOException {
    this.transport = transport;
    this.socket = socket;
    this.channel = channel;
    in = socket.getInputStream();
  }

  static Connection open(Origin origin, InetAddress address, SSLContext trust) throws IOException {
    return origin.secure() ? secure(origin, address, trust) : plain(origin, address);
  }

  private static Connection plain(Origin origin, InetAddress address) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.socket().connect(new InetSocketAddress(address, origin.port()), CONNECT_MILLIS);
      return new Connection(channel.socket(), channel.socket(), channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static Connection secure(Origin origin, InetAddress address, SSLContext trust)
      throws IOException {
    Socket transport = new Socket();
    try {
      transport.setTcpNoDelay(true);
      transport.connect(new InetSocketAddress(address, origin.port()), CONNECT_MILLIS);
      transport.setSoTimeout(HANDSHAKE_MILLIS);
      SSLSocket socket =
          (SSLSocket)
              trust.getSocketFactory().createSocket(transport, origin.host(), origin.port(), true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      checkDates(socket);
      transport.setSoTimeout(0);
      return new Connection(transport, socket, null);
    } catch (IOException | RuntimeException e) {
      transport.close();
      throw e;
    }
  }

  /** The runtime believes a certificate that is its own authority beyond its time. */
  private static void checkDates(SSLSocket socket) throws SSLException {
    try {
      if (socket.getSession().getPeerCertificates()[0] instanceof X509Certificate certificate) {
        certificate.checkValidity();
      }
    } catch (CertificateException e) {
      throw new SSLException("tls: a certificate out of its time", e);
    }
  }

  // ---- one exchange

  void begin() {
    exchanges++;
    receivedBytes = 0;
  }

  boolean isReused() {
    return exchanges > 1;
  }

  int exchanges() {
    return exchanges;
  }

  /** Whether nothing of the answer to the running exchange has come. */
  boolean receivedNothing() {
    return receivedBytes == 0;
  }

  void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  ResponseHead readHead() throws IOException {
    List<String> lines = new ArrayList<>();
    int left = MOST_HEAD_BYTES;
    while (true) {
      String line = readLine(left);
      left -= line.length() + 2;
      if (line.isEmpty()) {
        return ResponseHead.parse(lines);
      }
      lines.add(line);
    }
  }

  /** The next line without its end. After a time-out it can be called again. */
  String readLine(int mostBytes) throws IOException {
    while (true) {
      fill();
      int from = at;
      while (at < end && buffer[at] != '\n') {
        at++;
      }
      line.append(new String(buffer, from, at - from, StandardCharsets.ISO_8859_1));
      if (line.length() > mostBytes) {
        throw new MalformedResponseException("line: longer than " + mostBytes + " bytes");
      }
      if (at < end) {
        at++;
        int length = line.length();
        if (length > 0 && line.charAt(length - 1) == '\r') {
          line.setLength(length - 1);
        }
        String whole = line.toString();
        line.setLength(0);
        return whole;
      }
    }
  }

  /** Up to {@code most} bytes, at least one. */
  int read(byte[] into, int most) throws IOException {
    fill();
    int count = Math.min(most, Math.min(end - at, into.length));
    System.arraycopy(buffer, at, into, 0, count);
    at += count;
    return count;
  }

  /** Whether a read would not wait. */
  boolean hasMore() throws IOException {
    return at < end || in.available() > 0;
  }

  private void fill() throws IOException {
    if (at < end) {
      return;
    }
    int count = in.read(buffer, 0, buffer.length);
    if (count < 0) {
      throw new EOFException("the connection ended within an answer");
    }
    at = 0;
    end = count;
    receivedBytes += count;
  }

  /** A read that waits longer than this fails; 0: never. */
  void timeout(int millis) throws IOException {
    socket.setSoTimeout(millis);
  }

  // ---- between exchanges

  void idleSince(long nanos) {
    idleSinceNanos = nanos;
  }

  long idleSinceNanos() {
    return idleSinceNanos;
  }

  /**
   * Whether the server has closed it, or said something unasked, which comes to the same. Not seen
   * under TLS.
   */
  boolean isStale() {
    if (at < end) {
      return true;
    }
    SocketChannel plain = channel;
    if (plain == null) {
      return socket.isClosed();
    }
    try {
      plain.configureBlocking(false);
      int count = plain.read(ByteBuffer.allocate(1));
      plain.configureBlocking(true);
      return count != 0;
    } catch (IOException _) {
      return true;
    }
  }

  @Override
  public void close() {
    try {
      transport.close();
    } catch (IOException _) {
      // it is gone either way
    }
  }
}
