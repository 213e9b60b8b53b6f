package dev.sluice.gateway.engine;

import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.gateway.time.NanoClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program that stands for an engine, and the one who hears of it: both ends of a socket. */
final class EngineFixtures {

  /** Longer than anything takes on a busy machine. */
  static final int PATIENCE_MILLIS = 30_000;

  /** Calls in, says who it is, and ends with the code that it is told, or when it is left. */
  private static final String SCRIPT =
      """
      #!/usr/bin/env bash
      if [ "$2" = stubborn ]; then trap '' TERM; fi
      if [ "$2" = forking ]; then sleep 1000 & fi
      exec 3<>"/dev/tcp/127.0.0.1/$1"
      echo "$$ ${!:-} $PWD" >&3
      echo "said something"
      while ! read -r code <&3; do :; done
      exit "$code"
      """;

  private EngineFixtures() {}

  /** Where fake engines call in. */
  record Switchboard(ServerSocket socket) implements AutoCloseable {

    static Switchboard open() throws IOException {
      ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      socket.setSoTimeout(PATIENCE_MILLIS);
      return new Switchboard(socket);
    }

    /** The next engine that was started. */
    Caller next() throws IOException {
      return Caller.of(socket.accept());
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /**
   * A fake engine that runs.
   *
   * @param words its process, the one that it started or nothing, and where it runs
   */
  record Caller(Socket socket, BufferedReader reader, List<String> words) {

    private static Caller of(Socket socket) throws IOException {
      socket.setSoTimeout(PATIENCE_MILLIS);
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      return new Caller(socket, reader, Arrays.asList(reader.readLine().split(" ", -1)));
    }

    ProcessHandle process() {
      return ProcessHandle.of(Long.parseLong(words.getFirst())).orElseThrow();
    }

    void exit(int code) throws IOException {
      socket.getOutputStream().write((code + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Waits until nothing holds its end any more: neither it nor what it started. */
    void awaitGone() {
      reader.lines().forEach(_ -> {});
    }
  }

  /** Writes the fake engine's program. */
  static Path program(Path folder) throws IOException {
    Path program = Files.writeString(folder.resolve("fake-engine"), SCRIPT);
    return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
  }

  /** A fake engine that calls in at {@code port}. */
  static GatewayConfig.Engine engine(String backend, int port, String... further) {
    return new GatewayConfig.Engine(
        backend,
        new GatewayConfig.Start(
            new GatewayConfig.Cited("./fake-engine", "f:1:1: command[0]"),
            Stream.concat(Stream.of(Integer.toString(port)), Arrays.stream(further)).toList(),
            List.of(),
            "engine.log",
            null));
  }

  /** Terms under which a test need not wait: a millisecond between starts. */
  static OwnedEngine.Terms terms(Path folder, Tether tether, long graceMillis) {
    return new OwnedEngine.Terms(
        Installation.Places.beside(folder),
        tether,
        Backoff.beginningAt(TimeUnit.MILLISECONDS.toNanos(1)),
        TimeUnit.MILLISECONDS.toNanos(graceMillis),
        NanoClock.system());
  }
}
