package dev.sluice.backends.emulated;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.EmbeddingContractTest;
import dev.sluice.backends.emulated.model.ProfileFixtures;
import java.util.Map;

final class EmulatedEmbeddingContractTest extends EmbeddingContractTest {

  @Override
  protected Backend open() {
    return new EmulatedBackendFactory()
        .create(
            new BackendSpec(
                "contract",
                "contract-model",
                ProfileFixtures.embedding(ProfileFixtures.fast(4), DIMENSIONS),
                Map.of()));
  }
}
