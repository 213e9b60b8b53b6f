package dev.sluice.loadtest.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelMixTest {

  @Test
  void modelsAreDrawnByTheirWeights() {
    ModelMix mix = ModelMix.parse("a=3,b=1");
    SplittableRandom random = new SplittableRandom(1);
    int ofA = 0;
    for (int i = 0; i < 10_000; i++) {
      ofA += mix.draw(random).equals("a") ? 1 : 0;
    }
    assertThat(ofA).isBetween(7_300, 7_700);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "a=", "a=x", "a=0", "a=-1", "a=NaN", "a=Infinity", "a=1,a=2", "=1"})
  void whatIsNoMixIsRefused(String text) {
    assertThatThrownBy(() -> ModelMix.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(expected: ");
  }
}
