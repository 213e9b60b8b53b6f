package dev.sluice.backends.emulated;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendContractTest;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.emulated.model.ProfileFixtures;
import java.util.Map;

final class EmulatedBackendTest extends BackendContractTest {

  @Override
  protected Backend open(int slots) {
    return new EmulatedBackendFactory()
        .create(
            new BackendSpec("contract", "contract-model", ProfileFixtures.fast(slots), Map.of()));
  }
}
