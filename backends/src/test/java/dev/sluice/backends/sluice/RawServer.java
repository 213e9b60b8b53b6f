package dev.sluice.backends.sluice;

import dev.sluice.backends.grpc.Address;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A server that speaks just enough HTTP/2 to misbehave: it answers the first request of each
 * connection with frames that a test gives, and then leaves the connection open, ends or resets it.
 */
final class RawServer implements AutoCloseable {

  private static final int PREFACE_BYTES = 24;
  private static final int PING_BYTES = 8;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int ACK = 1;
  private static final int END_HEADERS = 4;

  /** What becomes of the connection once the other side has read the frames. */
  enum Then {
    STAY,
    END,
    RESET
  }

  private final ServerSocket listener;
  private final byte[] frames;
  private final Then then;

  RawServer(byte[] frames, Then then) {
    this.frames = frames;
    this.then = then;
    try {
      listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  Address address() {
    return new Address("127.0.0.1", listener.getLocalPort());
  }

  static byte[] resetStream(int errorCode) {
    return frame(RST_STREAM, 0, 3, number(errorCode));
  }

  static byte[] goAway(int lastStream, int errorCode) {
    return frame(GOAWAY, 0, 0, concat(number(lastStream), number(errorCode)));
  }

  /** Headers of a gRPC answer, then {@code message} as DATA. */
  static byte[] answer(byte[] message) {
    byte[] type = "application/grpc".getBytes(StandardCharsets.US_ASCII);
    byte[] status200 = {(byte) 0x88};
    byte[] contentType = {0x0f, 0x10, (byte) type.length};
    return concat(
        frame(HEADERS, END_HEADERS, 3, concat(concat(status200, contentType), type)),
        frame(DATA, 0, 3, message));
  }

  /** {@code message} as gRPC frames it. */
  static byte[] framed(byte[] message) {
    return concat(concat(new byte[1], number(message.length)), message);
  }

  static byte[] concat(byte[] first, byte[] second) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(first);
    all.writeBytes(second);
    return all.toByteArray();
  }

  private static byte[] number(int value) {
    return new byte[] {
      (byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value
    };
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    byte[] length = number(payload.length);
    byte[] head = {length[1], length[2], length[3], (byte) type, (byte) flags};
    return concat(concat(head, number(stream)), payload);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException _) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      in.readNBytes(PREFACE_BYTES);
      out.write(frame(SETTINGS, 0, 0, new byte[0]));
      while (true) {
        int lengthAndType = in.readInt();
        int flags = in.readUnsignedByte();
        in.readInt();
        in.readNBytes(lengthAndType >>> 8);
        int type = lengthAndType & 0xff;
        if (type == SETTINGS && flags != ACK) {
          out.write(frame(SETTINGS, ACK, 0, new byte[0]));
        } else if (type == DATA) {
          out.write(frames);
          if (then != Then.STAY) {
            // answered when all before it was read: a reset takes with it what was not
            out.write(frame(PING, 0, 0, new byte[PING_BYTES]));
          }
        } else if (type == PING && flags == ACK) {
          socket.setSoLinger(then == Then.RESET, 0);
          return;
        }
      }
    } catch (IOException _) {
      // the other side went first
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
