package dev.sluice.backends.profile;

import static dev.sluice.backends.profile.ProfilesFixtures.catalogue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CatalogueTest {

  private static final String H100 = "hardware/h100.yaml";
  private static final String NAME = "h100x4-llama-3.3-70b";

  @Test
  void aModelThatDoesNotFitIsRefusedWithTheNumberOfDevicesItNeeds() {
    Catalogue small =
        catalogue(H100, "h100x16-deepseek-r1: {devices: 16", "h100x16-deepseek-r1: {devices: 8");

    assertThatThrownBy(() -> small.sheet("h100x16-deepseek-r1"))
        .isInstanceOf(CatalogueException.class)
        .hasMessageContaining("hardware/h100.yaml deployments h100x16-deepseek-r1 devices: 8")
        .hasMessageContaining("expected: at least 10, because deepseek-r1 in fp8 weighs 671.0 GB")
        .hasMessageContaining("one h100 has room for 72.00 GB");
  }

  @ParameterizedTest(name = "{1} instead of {0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "memory: 80 GB | memory: NaN GB | hardware memory: NaN GB (expected: a number of B or"
            + " a number of GB, finite and not below 0)",
        "memory: 80 GB | memory: .nan | hardware memory: NaN (expected: a number of B or",
        "memory: 80 GB | memory: Infinity GB | hardware memory: Infinity GB (expected:",
        "memory: 80 GB | memory: -80 GB | hardware memory: -80 GB (expected:",
        "memory: 80 GB | memory: 0 GB | hardware memory: 0 GB (expected: above 0)",
        "memory: 80 GB | memory: 80 | hardware memory: 80 (expected: a number of B or",
        "memory: 80 GB | memory: 80 TB/s | hardware memory: 80 TB/s (expected: a number of B or",
        "memory: 80 GB | memory: [80] | hardware memory: [80] (expected:",
        "memory: 80 GB | mem: 80 GB | hardware memory: missing (expected:",
        "memory: 80 GB | {memory: 80 GB | h100.yaml",
        "kind: GPU | kind: ABACUS | hardware kind: ABACUS (expected: one of [gpu, lpu,",
        "vendor: NVIDIA | 'vendor: NVIDIA\n"
            + "  colour: green' | colour: unknown key (expected: one of",
        "vendor: NVIDIA | 'vendor: NVIDIA\n  vendor: NVIDIA' | vendor",
        "from: gpu-sheet | from: hearsay | hardware from: hearsay (expected: a source of"
            + " sources.yaml)",
        "from: gpu-sheet | link: 900 GB/s | link",
        "devices: 4 | devices: four | h100x4-llama-3.3-70b devices: four (expected: a whole number",
        "model: llama-3.3-70b | model: llama-9 | 70b model: llama-9 (expected: one of"
            + " [llama-3.1-8b,",
        "precision: bf16 | precision: fp3 | 70b precision: fp3 (expected: one of [bf16,",
        "perSequence: 0.1 ms | perSequence: 0.001 ms | perSequenceNanos: -",
      })
  void aMistakeIsNamedWithFileKeyValueAndWhatWasExpected(
      String written, String instead, String message) {
    Catalogue wrong = catalogue(H100, written, instead);

    assertThatThrownBy(() -> wrong.sheet(NAME))
        .isInstanceOf(CatalogueException.class)
        .hasMessageContaining("h100.yaml")
        .hasMessageContaining(message);
  }

  @Test
  void aFigureWithoutASourceIsRefused() {
    Catalogue wrong = catalogue(H100, "  from: gpu-sheet\n", "");

    assertThatThrownBy(() -> wrong.sheet(NAME))
        .hasMessageContaining("hardware/h100.yaml hardware memory: no source (expected: 'from'");
  }

  @Test
  void aFigureCanBeLessCertainAndOlderThanItsSource() {
    Catalogue changed =
        catalogue(
            H100,
            "memory: 80 GB",
            "memory: {value: 80 GB, from: blis, confidence: claimed, date: 2025-03}");

    assertThat(changed.sheet(NAME).orElseThrow().inputs())
        .filteredOn(figure -> figure.name().equals("h100 memory"))
        .singleElement()
        .satisfies(
            figure -> {
              assertThat(figure.provenance().source()).startsWith("BLIS");
              assertThat(figure.provenance().confidence()).isEqualTo(Confidence.CLAIMED);
              assertThat(figure.provenance().date()).hasToString("2025-03");
            });
  }

  @Test
  void aFitCanOnlyBeTakenFromTheSameDeploymentOnOtherHardware() {
    Catalogue wrong =
        catalogue(
            "hardware/h800.yaml",
            "fit: {like: h100x4-llama-3.3-70b}",
            "fit: {like: h100x8-llama-3.3-70b}");

    assertThatThrownBy(() -> wrong.sheet("h800x4-llama-3.3-70b"))
        .hasMessageContaining("fit like: h100x8-llama-3.3-70b (expected: a deployment with a fit");
  }

  @Test
  void aProfileReadsOnlyTheFilesItNeedsAndEachOnce() {
    List<String> read = new ArrayList<>();
    Catalogue catalogue =
        new Catalogue(
            file -> {
              read.add(file);
              return Profiles.shippedText(file);
            });

    assertThat(catalogue.sheet("h200-llama-3.1-8b")).isPresent();
    assertThat(catalogue.sheet("h200x4-llama-3.3-70b")).isPresent();

    assertThat(read)
        .containsExactlyInAnyOrder(
            "sources.yaml", "engine.yaml", "hardware/h200.yaml", "models.yaml");
  }

  @Test
  void everySourceIsUsed() {
    List<String> ids =
        Pattern.compile("^  ([a-z0-9-]+): \\{title", Pattern.MULTILINE)
            .matcher(Profiles.shippedText("sources.yaml"))
            .results()
            .map(result -> result.group(1))
            .toList();
    List<String> used = new ArrayList<>();
    for (String file : files()) {
      Pattern.compile("from: ([a-z0-9-]+)")
          .matcher(Profiles.shippedText(file))
          .results()
          .map((MatchResult result) -> result.group(1))
          .forEach(used::add);
    }

    assertThat(ids).isNotEmpty().allSatisfy(id -> assertThat(used).contains(id));
  }

  private static List<String> files() {
    List<String> files = new ArrayList<>(List.of(Catalogue.ENGINE, Catalogue.MODELS));
    Profiles.names().stream()
        .map(ProfilesFixtures::profile)
        .map(profile -> Catalogue.hardwareFile(profile.deployment().hardware()))
        .distinct()
        .forEach(files::add);
    return files;
  }
}
