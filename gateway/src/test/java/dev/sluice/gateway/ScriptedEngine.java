package dev.sluice.gateway;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An engine with OpenAI's HTTP API that answers by rote and misbehaves as a test says. To {@code
 * Count to N.} it says {@code w0 w1 …} up to N words, and goes on with what was said of it.
 */
final class ScriptedEngine implements AutoCloseable {

  private static final String STREAM =
      String.join(
          "\r\n",
          "HTTP/1.1 200 OK",
          "Content-Type: text/event-stream",
          "Transfer-Encoding: chunked",
          "",
          "");
  private static final Pattern PROMPT =
      Pattern.compile("\"prompt\":\"Count to (\\d+)\\.((?: w\\d+)*)\"");

  final AtomicInteger requests = new AtomicInteger();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile Conduct conduct = Call::wholeAnswer;
  private volatile ServerSocket listener;
  private final int port;

  /** What is done with a request; an exception ends the connection. */
  interface Conduct {
    void answer(Call call) throws Exception;
  }

  ScriptedEngine() {
    listener = listen(0);
    port = listener.getLocalPort();
  }

  private ServerSocket listen(int on) {
    try {
      ServerSocket opened = new ServerSocket(on, 100, InetAddress.getLoopbackAddress());
      Thread.ofVirtual().start(() -> accept(opened));
      return opened;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + port + "/v1";
  }

  void conduct(Conduct next) {
    conduct = next;
  }

  /** Misbehaves once, and answers then. */
  void once(Conduct first) {
    conduct =
        call -> {
          conduct = Call::wholeAnswer;
          first.answer(call);
        };
  }

  /** Dies as a killed process does. */
  void down() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.setSoLinger(true, 0);
      socket.close();
    }
    sockets.clear();
  }

  void up() {
    listener = listen(port);
  }

  private void accept(ServerSocket from) {
    while (!from.isClosed()) {
      try {
        Socket socket = from.accept();
        socket.setTcpNoDelay(true);
        sockets.add(socket);
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
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
          int b = in.read();
          if (b < 0) {
            return;
          }
          head.append((char) b);
        }
        Matcher length = Pattern.compile("Content-Length: (\\d+)").matcher(head);
        byte[] body = in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
        Call call = new Call(socket, new String(body, StandardCharsets.UTF_8));
        requests.incrementAndGet();
        conduct.answer(call);
      }
    } catch (Exception _) {
      // the gateway went away, or the script ends the connection
    }
  }

  @Override
  public void close() {
    try {
      down();
    } catch (IOException _) {
      // it is closed
    }
  }

  /** One request. */
  static final class Call {
    private final Socket socket;
    private final int words;
    private final int said;
    private final String body;

    Call(Socket socket, String body) {
      this.socket = socket;
      this.body = body;
      Matcher prompt = PROMPT.matcher(body);
      words = prompt.find() ? Integer.parseInt(prompt.group(1)) : 0;
      said = words == 0 ? 0 : (int) prompt.group(2).chars().filter(c -> c == 'w').count();
    }

    String body() {
      return body;
    }

    boolean isContinuation() {
      return said > 0;
    }

    void wholeAnswer() throws IOException {
      stream();
      words(words);
      end();
    }

    Call stream() throws IOException {
      return send(STREAM);
    }

    /** Begins a stream with further headers. */
    Call stream(String headers) throws IOException {
      return send(STREAM.replaceFirst("\r\n", "\r\n" + headers));
    }

    /** The words from where it is to go on up to the word with this number. */
    Call words(int end) throws IOException {
      for (int i = said; i < end; i++) {
        event("{\"choices\":[{\"index\":0,\"text\":\" w" + i + "\",\"finish_reason\":null}]}");
      }
      return this;
    }

    Call reason() throws IOException {
      return event("{\"choices\":[{\"index\":0,\"text\":\"\",\"finish_reason\":\"stop\"}]}");
    }

    Call usage() throws IOException {
      return event(
          "{\"choices\":[],\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d}}"
              .formatted(17 + said, words - said));
    }

    void end() throws IOException {
      reason().usage().event("[DONE]").send("0\r\n\r\n");
    }

    Call event(String data) throws IOException {
      String event = "data: " + data + "\n\n";
      return send(Integer.toHexString(event.length()) + "\r\n" + event + "\r\n");
    }

    Call refuse(int status, String headers, String error) throws IOException {
      return send(
          "HTTP/1.1 %d No\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n%s"
              .formatted(status, error.length(), headers, error));
    }

    Call send(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
      return this;
    }

    /** Ends the connection within the answer; all that was said arrives. */
    void cut() throws IOException {
      socket.close();
      throw new IOException("cut");
    }

    /** Resets the connection; what was said and not read yet is lost. */
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
      throw new IOException("reset");
    }

    /** Says nothing more until the gateway gives up. */
    void silence() throws IOException {
      while (socket.getInputStream().read() >= 0) {
        // nothing is expected
      }
    }
  }
}
