package dev.sluice.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A caller over HTTP/1.1 that sends the bytes it is told to and hides nothing of what comes back.
 */
final class RawCaller implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 10_000;

  private final Socket socket = new Socket();
  private final InputStream in;

  RawCaller(int port) throws IOException {
    this(port, 0);
  }

  /** A caller with a small window: one that is soon full. */
  RawCaller(int port, int receiveBufferBytes) throws IOException {
    if (receiveBufferBytes > 0) {
      socket.setReceiveBufferSize(receiveBufferBytes);
    }
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    in = socket.getInputStream();
  }

  /** What came back, header names in lower case. */
  record Answer(int status, Map<String, String> headers, String body, boolean whole) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  void send(String bytes) throws IOException {
    send(bytes.getBytes(StandardCharsets.UTF_8));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  void post(String path, String json, String... headers) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    send(head(path, headers) + "Content-Length: " + body.length + "\r\n\r\n");
    send(body);
  }

  private static String head(String path, String... headers) {
    StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: sluice\r\n");
    head.append("Content-Type: application/json\r\n");
    for (int i = 0; i < headers.length; i += 2) {
      head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
    }
    return head.toString();
  }

  Answer answer() throws IOException {
    Head head = head();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean whole = true;
    if (head.headers.containsKey("content-length")) {
      int length = Integer.parseInt(head.headers.get("content-length"));
      body.write(in.readNBytes(length));
      whole = body.size() == length;
    } else if (head.headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
      byte[] chunk = chunk();
      while (chunk != null && chunk.length > 0) {
        body.write(chunk);
        chunk = chunk();
      }
      whole = chunk != null;
    }
    return new Answer(head.status, head.headers, body.toString(StandardCharsets.UTF_8), whole);
  }

  /** What is left of a chunked body. */
  String rest() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] chunk = chunk(); chunk != null && chunk.length > 0; chunk = chunk()) {
      body.write(chunk);
    }
    return body.toString(StandardCharsets.UTF_8);
  }

  /** Status and headers. */
  record Head(int status, Map<String, String> headers) {}

  Head head() throws IOException {
    String status = line();
    if (status == null) {
      throw new IOException("closed without an answer");
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(); line != null && !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Head(Integer.parseInt(status.substring(9, 12)), headers);
  }

  /**
   * One chunk of a chunked body; empty at its end, null when it is broken off. The end of its line
   * is read with the next one, as Jetty sends it.
   */
  byte @Nullable [] chunk() throws IOException {
    String size = line();
    if (size != null && size.isEmpty()) {
      size = line();
    }
    if (size == null) {
      return null;
    }
    int length = Integer.parseInt(size, 16);
    byte[] chunk = in.readNBytes(length);
    if (length == 0 && line() == null) {
      return null;
    }
    return chunk.length < length ? null : chunk;
  }

  private @Nullable String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int b = in.read();
    if (b < 0) {
      return null;
    }
    while (b >= 0 && b != '\n') {
      if (b != '\r') {
        line.write(b);
      }
      b = in.read();
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  /** Whether the other side has closed the connection, and says nothing more. */
  boolean isClosedByServer() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
