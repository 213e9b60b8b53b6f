package dev.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.ProfileFile;
import dev.sluice.backends.profile.Profiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backend's profile in a file beside the configuration. */
final class ProfileInFileTest {

  private static final String CONFIG =
      """
      models: [{name: llama-3.3-70b, context_tokens: 8192}]
      fleet:
        - {id: own, kind: emulated, model: llama-3.3-70b, profile: own.yaml}
      """;

  @TempDir private Path folder;

  private ConfigLoader.Result load() throws IOException {
    return ConfigLoader.load(Files.writeString(folder.resolve("sluice.yaml"), CONFIG));
  }

  @Test
  void theBackendIsAsTheFileSays() throws IOException {
    Profile shipped = Profiles.find("h100x4-llama-3.3-70b").orElseThrow();
    Files.writeString(folder.resolve("own.yaml"), ProfileFile.text(shipped, "mine"));
    assertThat(load())
        .isInstanceOfSatisfying(
            ConfigLoader.Loaded.class,
            loaded -> {
              Profile own = Objects.requireNonNull(loaded.config().fleet().getFirst().profile());
              assertThat(own.deployment().devices()).isEqualTo(shipped.deployment().devices());
            });
  }

  @Test
  void aFileThatIsMissingOrWrongIsNamedWhereItIsAskedFor() throws IOException {
    Path own = folder.resolve("own.yaml");
    assertThat(problem()).isEqualTo("3:62: fleet[0].profile: " + own + ": no such file");
    Files.writeString(own, "name: mine");
    assertThat(problem())
        .isEqualTo("3:62: fleet[0].profile: " + own + " deployment: missing (expected: a mapping)");
  }

  private String problem() throws IOException {
    return load() instanceof ConfigLoader.Faulty faulty
        ? faulty.problems().getFirst().toString().replace(folder.resolve("sluice.yaml") + ":", "")
        : "none";
  }
}
