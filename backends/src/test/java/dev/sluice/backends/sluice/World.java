package dev.sluice.backends.sluice;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendCall;
import dev.sluice.backends.grpc.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The servers and backends of one test, closed at its end, and the sink they report to. */
final class World {

  final Events events = new Events();
  private final List<AutoCloseable> opened = new ArrayList<>();

  /** Opens a server that answers every call with {@code answer}. */
  ScriptedServer script(Consumer<ScriptedServer.Call> answer) {
    ScriptedServer server = new ScriptedServer(answer);
    closeLater(server);
    return server;
  }

  /** Opens a server that answers with {@code frames} of HTTP/2. */
  Address raw(byte[] frames, RawServer.Then then) {
    RawServer server = new RawServer(frames, then);
    closeLater(server);
    return server.address();
  }

  /** Starts a generation at a backend of its own. */
  BackendCall start(ScriptedServer server) {
    return start(server.address());
  }

  /** Starts a generation at a backend of its own. */
  BackendCall start(Address address) {
    return backendAt(address).start(Fixtures.generation(), events);
  }

  /** Opens a backend, which is {@link #lastBackend} from now on. */
  Backend backendAt(Address address) {
    Backend backend = Fixtures.backend(address);
    closeLater(backend);
    return backend;
  }

  Backend lastBackend() {
    for (AutoCloseable each : opened.reversed()) {
      if (each instanceof Backend backend) {
        return backend;
      }
    }
    throw new AssertionError("no backend was opened");
  }

  void closeLater(AutoCloseable resource) {
    opened.add(resource);
  }

  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }
}
