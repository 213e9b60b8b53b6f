package dev.sluice.backends.profile;

import static dev.sluice.backends.profile.ProfilesFixtures.batch;
import static dev.sluice.backends.profile.ProfilesFixtures.derived;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.sluice.backends.profile.Service.Batch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RooflineTest {

  @ParameterizedTest
  @CsvSource({
    "a100-llama-3.1-8b, 10.1, .222, 114, 427",
    "a100x4-llama-3.3-70b, 23.5, .337, 270, 448",
    "h100-llama-3.1-8b, 6.4, .101, 36, 427",
    "h100x4-llama-3.3-70b, 15.2, .133, 92, 448",
    "h800x4-llama-3.3-70b, 15.2, .148, 107, 448",
    "h800-300gbsx4-llama-3.3-70b, 15.2, .158, 117, 448",
    "h200-llama-3.1-8b, 4.7, .082, 36, 846",
    "h200x4-llama-3.3-70b, 11.6, .120, 92, 1118",
    "h20-llama-3.1-8b, 5.4, .296, 241, 537",
    "h20x4-llama-3.3-70b, 13.2, .577, 543, 624",
    "b200-llama-3.1-8b, 3.6, .043, 16, 1113",
    "b200x2-llama-3.3-70b, 15.8, .108, 74, 558",
    "l40s-llama-3.1-8b, 23.8, .351, 99, 207",
    "l40sx4-llama-3.3-70b, 53.5, .550, 392, 96",
    "mi300x-llama-3.1-8b, 5.4, .072, 31, 1196",
    "mi300xx2-llama-3.3-70b, 23.9, .195, 143, 624",
    "tpu-v5ex2-llama-3.1-8b, 13.3, .243, 109, 97",
    "tpu-v5ex16-llama-3.3-70b, 15.9, .224, 182, 272",
    "tpu-v6e-llama-3.1-8b, 13.6, .177, 44, 97",
    "tpu-v6ex8-llama-3.3-70b, 16.7, .119, 77, 272",
    "gaudi3-llama-3.1-8b, 7.8, .088, 29, 756",
    "gaudi3x2-llama-3.3-70b, 34.2, .208, 134, 272",
    "ascend-910b-llama-3.1-8b, 17.3, .243, 107, 317",
    "ascend-910bx4-llama-3.3-70b, 39.2, .349, 263, 272",
    "ascend-910c-llama-3.1-8b, 9.7, .122, 53, 756",
    "ascend-910cx2-llama-3.3-70b, 42.5, .330, 244, 272"
  })
  void theStepEquationGivesTheReferenceTableWithin2Percent(
      String name, double stepMillis, double sequenceMillis, double promptMicros, double kvKilo) {
    StepCosts costs = derived(name);
    // the table's cost of a sequence has the cache of 1 000 tokens in it
    double sequenceNanos = costs.perSequenceNanos() + 1000 * costs.perKvTokenNanos();

    assertThat(costs.stepNanos() / 1e6).isCloseTo(stepMillis, withinPercentage(2));
    assertThat(sequenceNanos / 1e6).isCloseTo(sequenceMillis, withinPercentage(2));
    assertThat(costs.perPromptTokenNanos() / 1e3).isCloseTo(promptMicros, withinPercentage(2));
    assertThat(batch(name).limits().kvTokens() / 1e3).isCloseTo(kvKilo, withinPercentage(2));
  }

  @Test
  void aCpuIsBoundByItsArithmeticFromTheFirstSequenceOn() {
    Batch batch = batch("xeon-llama-3.1-8b");

    assertThat(batch.stepNanos() / 1e6).isCloseTo(20, withinPercentage(15));
    assertThat(batch.perSequenceNanos() / 1e6).isBetween(2.0, 10.0);
    assertThat(batch.perPromptTokenNanos() / 1e3).isBetween(1_990.0, 15_000.0);
  }

  @Test
  void theTangentOfAMixtureOfExpertsIsExactAtItsBatchAndNeverTooFast() {
    Model.Experts experts = experts();
    for (int sequences : new int[] {1, 8, 32, 64, 128, 256, 512}) {
      double touched = 1 - Math.pow(1 - 4 / 128.0, sequences);
      double tangent = experts.shareIntercept() + experts.shareSlope() * sequences;

      assertThat(tangent).isGreaterThanOrEqualTo(touched - 1e-12);
      if (sequences == 64) {
        assertThat(tangent).isCloseTo(touched, withinPercentage(0.001));
      }
    }
  }

  private static Model.Experts experts() {
    Provenance origin = new Provenance("test", Confidence.ASSUMED, java.time.YearMonth.of(2026, 9));
    return new Model.Experts(
        new Figure("parameters", 114.7, Unit.PARAMETERS, origin),
        new Figure("count", 128, Unit.ONE, origin),
        new Figure("perToken", 4, Unit.ONE, origin),
        new Figure("linearisedAt", 64, Unit.ONE, origin));
  }

  @Test
  void aPrecisionThatTheHardwareCannotCalculateIsRefused() {
    Catalogue catalogue =
        ProfilesFixtures.catalogue("hardware/xeon.yaml", "precision: q4", "precision: fp8");

    assertThatThrownBy(() -> catalogue.sheet("xeon-llama-3.1-8b"))
        .hasMessageContaining("hardware/xeon.yaml")
        .hasMessageContaining("xeon-llama-3.1-8b precision: fp8 (expected: one of sixteen bits");
  }

  @Test
  void devicesWithoutALinkCannotWorkTogether() {
    Catalogue catalogue =
        ProfilesFixtures.catalogue(
            "hardware/xeon.yaml",
            "xeon-llama-3.3-70b: {devices: 1",
            "xeon-llama-3.3-70b: {devices: 2");

    assertThatThrownBy(() -> catalogue.sheet("xeon-llama-3.3-70b"))
        .hasMessageContaining("xeon-llama-3.3-70b devices: 2 (expected: 1, because");
  }
}
