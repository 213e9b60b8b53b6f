package dev.sluice.backends.sluice;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendContractTest;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.emulated.EmulatedBackendFactory;
import dev.sluice.backends.emulated.model.ProfileFixtures;
import dev.sluice.backends.emulated.server.AcceleratorServer;
import dev.sluice.backends.grpc.Address;
import dev.sluice.backends.profile.AcceleratorKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** The adapter keeps the backend's contract when an accelerator's server is on the other side. */
final class SluiceBackendContractTest extends BackendContractTest {

  private static final String MODEL = "contract-model";

  private final List<AcceleratorServer> servers = new ArrayList<>();

  @Override
  protected Backend open(int slots) {
    Backend emulated =
        new EmulatedBackendFactory()
            .create(new BackendSpec("contract", MODEL, ProfileFixtures.fast(slots), Map.of()));
    AcceleratorServer server =
        new AcceleratorServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new AcceleratorServer.Served(MODEL, "contract", AcceleratorKind.GPU, 8_192),
            emulated,
            System::nanoTime);
    servers.add(server);
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Fixtures.backend(new Address("127.0.0.1", server.port()));
  }

  /** Chunks come as the server made them. */
  @Override
  protected boolean joinsWaitingTokens() {
    return false;
  }

  @AfterEach
  void closeServers() {
    servers.forEach(AcceleratorServer::close);
  }
}
