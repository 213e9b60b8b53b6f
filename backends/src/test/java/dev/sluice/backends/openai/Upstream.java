package dev.sluice.backends.openai;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/** A server of HTTP/1.1 on loopback whose every byte is the test's doing. */
final class Upstream implements AutoCloseable {

  private static final String STREAM =
      String.join(
          "\r\n",
          "HTTP/1.1 200 OK",
          "Content-Type: text/event-stream",
          "Transfer-Encoding: chunked",
          "",
          "");
  private static final long PATIENCE_SECONDS = 20;

  private final ServerSocket listener;
  private final Script script;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  /** Requests that came, in their order. */
  final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();

  final AtomicInteger connections = new AtomicInteger();
  final AtomicInteger requests = new AtomicInteger();

  /** Connections that are no more. */
  final AtomicInteger ended = new AtomicInteger();

  /** How requests are answered; an exception ends the connection. */
  interface Script {
    void answer(Call call) throws Exception;
  }

  Upstream(Script script) {
    this(0, script);
  }

  Upstream(int port, Script script) {
    this(port, ServerSocketFactory.getDefault(), script);
  }

  /** A server whose sockets are of {@code factory}'s making. */
  Upstream(int port, ServerSocketFactory factory, Script script) {
    this.script = script;
    try {
      listener = factory.createServerSocket(port, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  String url() {
    return "http://127.0.0.1:" + port() + "/v1";
  }

  /** The next request that came. */
  Call next() {
    try {
      Call call = calls.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (call == null) {
        throw new AssertionError("no request came");
      }
      return call;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException _) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (true) {
        String head = head(in);
        if (head.isEmpty()) {
          return;
        }
        Call call = new Call(socket, head, in.readNBytes(length(head)));
        if (!call.path().equals("/metrics")) {
          requests.incrementAndGet();
          calls.add(call);
        }
        script.answer(call);
      }
    } catch (Exception _) {
      // the client went away, or the script wants the connection to end
    } finally {
      ended.incrementAndGet();
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        return "";
      }
      head.append((char) b);
    }
    return head.toString();
  }

  private static int length(String head) {
    String key = "content-length: ";
    int at = head.toLowerCase(Locale.ROOT).indexOf(key);
    return at < 0 ? 0 : Integer.parseInt(head.substring(at + key.length(), head.indexOf('\r', at)));
  }

  /** Closes every connection at once, as a killed process does. */
  void cut() {
    for (Socket socket : sockets) {
      try {
        socket.setSoLinger(true, 0);
        socket.close();
      } catch (IOException _) {
        // it was closed
      }
    }
    sockets.clear();
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException _) {
      // nothing else to do
    }
    cut();
  }

  /** One request and the means to answer it. */
  static final class Call {
    private final Socket socket;
    private final String head;
    private final byte[] body;

    Call(Socket socket, String head, byte[] body) {
      this.socket = socket;
      this.head = head;
      this.body = body;
    }

    String path() {
      return head.split(" ", 3)[1];
    }

    String head() {
      return head;
    }

    String body() {
      return new String(body, StandardCharsets.UTF_8);
    }

    Call send(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return this;
    }

    Call send(String text) throws IOException {
      return send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Begins a stream. */
    Call stream() throws IOException {
      return send(STREAM);
    }

    /** Bytes of a stream, in a chunk of their own. */
    Call chunk(byte[] bytes) throws IOException {
      ByteArrayOutputStream chunk = new ByteArrayOutputStream();
      chunk.writeBytes(
          (Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      chunk.writeBytes(bytes);
      chunk.writeBytes(new byte[] {'\r', '\n'});
      return send(chunk.toByteArray());
    }

    Call chunk(String text) throws IOException {
      return chunk(text.getBytes(StandardCharsets.UTF_8));
    }

    /** An event of a stream. */
    Call event(String json) throws IOException {
      return chunk("data: " + json + "\n\n");
    }

    /** A token of a stream, as a chat or a completion has it. */
    Call token(String text) throws IOException {
      return event(tokenEvent(path(), text));
    }

    Call reason(String reason) throws IOException {
      return event(
          "{\"choices\":[{\"index\":0,\"delta\":{},\"text\":\"\",\"finish_reason\":\"%s\"}]}"
              .formatted(reason));
    }

    Call usage(int input, int output) throws IOException {
      return event(
          "{\"choices\":[],\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d}}"
              .formatted(input, output));
    }

    /** The end of a stream. */
    Call done() throws IOException {
      return event("[DONE]").end();
    }

    /** The end of the body without {@code [DONE]}. */
    Call end() throws IOException {
      return send("0\r\n\r\n");
    }

    /** A whole answer that is no stream. */
    Call plain(int status, String headers, String json) throws IOException {
      int length = json.getBytes(StandardCharsets.UTF_8).length;
      return send(
          "HTTP/1.1 %d Some\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n%s"
              .formatted(status, length, headers, json));
    }

    /** Resets the connection. */
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
      throw new IOException("reset");
    }

    /** Waits for the client to go away. */
    void awaitGone() throws IOException {
      while (socket.getInputStream().read() >= 0) {
        // pipelined bytes would be a surprise, but no matter
      }
    }
  }

  /** An event with {@code text}. */
  static String tokenEvent(String path, String text) {
    String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    return path.endsWith("/chat/completions")
        ? "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":null}]}"
            .formatted(escaped)
        : "{\"choices\":[{\"index\":0,\"text\":\"%s\",\"finish_reason\":null}]}".formatted(escaped);
  }
}
