package dev.sluice.backends.profile;

import static dev.sluice.backends.profile.ProfilesFixtures.batch;
import static dev.sluice.backends.profile.ProfilesFixtures.profile;
import static dev.sluice.backends.profile.ProfilesFixtures.slots;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.backends.profile.Profile.Price;
import dev.sluice.backends.profile.Service.Batch;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ShippedProfilesTest {

  static Stream<String> names() {
    return Profiles.names().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyProfileHasAllFiguresAndEachItsOrigin(String name) {
    ProfileSheet sheet = Profiles.sheet(name).orElseThrow();
    Profile profile = sheet.profile();

    assertThat(profile.name()).isEqualTo(name).matches("[a-z0-9.-]+");
    assertThat(name)
        .startsWith(profile.deployment().hardware())
        .endsWith("-" + profile.deployment().model());
    int smallest = profile.service() instanceof Batch ? 16 : 12;
    assertThat(sheet.results()).hasSizeGreaterThanOrEqualTo(smallest);
    assertThat(sheet.inputs()).hasSizeGreaterThan(15);
    assertThat(sheet.results()).allSatisfy(ShippedProfilesTest::hasOrigin);
    assertThat(sheet.inputs()).allSatisfy(ShippedProfilesTest::hasOrigin);
    assertThat(sheet.results()).extracting(Figure::name).doesNotHaveDuplicates();
    assertThat(profile.energy().perTokenJoules()).isPositive();
    Price price = profile.price();
    assertThat(price.perHourUsd() + price.perMillionOutputUsd()).isPositive();
  }

  private static void hasOrigin(Figure figure) {
    assertThat(figure.provenance().source()).isNotBlank();
    assertThat(figure.provenance().date().getYear()).isBetween(2022, 2026);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a100",
        "h100",
        "h800",
        "h800-300gbs",
        "h20",
        "h200",
        "b200",
        "l40s",
        "mi300x",
        "gaudi3",
        "ascend-910b",
        "ascend-910c",
        "tpu-v5e",
        "tpu-v6e",
        "groq-lpu",
        "groq-lp30",
        "wse3",
        "sn40l",
        "xeon"
      })
  void everyHardwareServesThe8bAndThe70bModel(String hardware) {
    List<String> models =
        names()
            .map(ProfilesFixtures::profile)
            .map(Profile::deployment)
            .filter(deployment -> deployment.hardware().equals(hardware))
            .map(Profile.Deployment::model)
            .toList();

    assertThat(models)
        .contains("llama-3.1-8b", "llama-3.3-70b", "qwen3-8b", "qwen3-32b", "gpt-oss-120b");
  }

  @Test
  void namesAreSortedAndUnknownOnesAreNotFound() {
    assertThat(Profiles.names()).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(100);
    assertThat(Profiles.find("h100x3-llama-3.3-70b")).isEmpty();
    assertThat(Profiles.find("")).isEmpty();
    assertThat(Profiles.nearest("h100x4-llama3.3-70b")).isEqualTo("h100x4-llama-3.3-70b");
  }

  @Test
  void theNumberOfSequencesCanBeSetOnEitherKindOfEngine() {
    assertThat(slotsOf(profile("groq-lpu-llama-3.3-70b").withSlots(7))).isEqualTo(7);
    assertThat(profile("h100-llama-3.1-8b").withSlots(9).service())
        .isInstanceOfSatisfying(
            Batch.class, batch -> assertThat(batch.limits().maxSequences()).isEqualTo(9));
    assertThatThrownBy(() -> profile("wse3x4-llama-3.3-70b").withSlots(0))
        .hasMessageContaining("slots: 0 (expected: >= 1)");
  }

  private static int slotsOf(Profile profile) {
    return ((Service.Slots) profile.service()).slots();
  }

  @Test
  void thePriceCanBeSetAndNothingElseChanges() {
    Profile shipped = profile("h100-llama-3.1-8b");
    Profile changed = shipped.withPrice(new Price(0, 1, 2));

    assertThat(changed.price()).isEqualTo(new Price(0, 1, 2));
    assertThat(changed.withPrice(shipped.price())).isEqualTo(shipped);
    assertThatThrownBy(() -> new Price(Double.NaN, 0, 0))
        .hasMessage("perHourUsd: NaN (expected: a finite number of at least 0)");
  }

  @Test
  void aMeasuredFitIsMarkedAndADerivedOneIsNot() {
    assertThat(Profiles.sheet("h100x4-llama-3.3-70b").orElseThrow().speed())
        .isEqualTo(Confidence.MEASURED);
    assertThat(Profiles.sheet("h100x8-llama-3.3-70b").orElseThrow().speed())
        .isEqualTo(Confidence.DERIVED);
    assertThat(Profiles.sheet("mi300xx2-llama-3.3-70b").orElseThrow().speed())
        .isEqualTo(Confidence.ASSUMED);
    assertThat(Profiles.sheet("h800x4-llama-3.3-70b").orElseThrow().speed())
        .isEqualTo(Confidence.ASSUMED);
  }

  @Test
  void theHostSetsTheLeastStepOfASmallModelOnAFastDevice() {
    Batch batch = batch("b200-llama-3.1-8b");

    // measured: 219 tokens/s at batch 8, 111 at 64; the roofline alone would promise 280 and 177
    assertThat(1000 / ProfilesFixtures.tokenMillis(batch, 8, 700)).isBetween(215.0, 223.0);
    assertThat(1000 / ProfilesFixtures.tokenMillis(batch, 64, 700)).isBetween(109.0, 113.0);
  }

  @Test
  void slotsAreLimitedByTheCacheThatFitsBesideTheWeights() {
    assertThat(slots("groq-lpu-llama-3.3-70b").slots()).isEqualTo(64);
    Catalogue greedy =
        ProfilesFixtures.catalogue("hardware/wse3.yaml", "slots: {value: 16", "slots: {value: 999");

    Profile limited = greedy.sheet("wse3x4-llama-3.3-70b").orElseThrow().profile();

    // (4 · 44 GB − 141.2 GB) / (327 680 B · 2 000)
    assertThat(slotsOf(limited)).isEqualTo(53);
  }
}
