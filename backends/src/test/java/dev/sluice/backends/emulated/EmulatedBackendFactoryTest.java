package dev.sluice.backends.emulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendFactory;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.InvalidSettingException;
import dev.sluice.backends.Setting;
import dev.sluice.backends.emulated.model.ProfileFixtures;
import dev.sluice.backends.profile.Profile;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EmulatedBackendFactoryTest {

  private final EmulatedBackendFactory factory = new EmulatedBackendFactory();

  @Test
  void itIsFoundByItsKind() {
    assertThat(ServiceLoader.load(BackendFactory.class))
        .anySatisfy(
            found -> {
              assertThat(found.kind()).isEqualTo("emulated");
              assertThat(found.needsProfile()).isTrue();
            });
  }

  @Test
  void itsSettingsAreAllOptional() {
    assertThat(factory.settings())
        .extracting(Setting::name)
        .containsExactly("slots", "max_waiting", "noise", "speed", "seed");
    assertThat(factory.settings()).noneMatch(Setting::required);
  }

  @Test
  void slotsOfABatchProfileAreRefused() {
    assertThatThrownBy(() -> create(ProfileFixtures.h100Llama8b(), Map.of("slots", 4L)))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessage("slots: 4 (expected: not set, because profile by-hand serves in batches)");
  }

  @ParameterizedTest
  @CsvSource({"slots, 0", "slots, 3000000000"})
  void slotsOutOfRangeAreRefused(String name, long value) {
    assertThatThrownBy(() -> create(ProfileFixtures.fast(1), Map.of(name, value)))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageStartingWith(name + ": ");
  }

  @ParameterizedTest
  @CsvSource({"noise, 0.51", "noise, -0.1", "noise, NaN", "speed, 0", "speed, -1", "speed, NaN"})
  void numbersOutOfRangeAreRefused(String name, double value) {
    assertThatThrownBy(() -> create(ProfileFixtures.fast(1), Map.of(name, value)))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageStartingWith(name + ": " + value);
  }

  @Test
  void withoutAProfileThereIsNothingToEmulate() {
    BackendSpec spec = new BackendSpec("b", "m", null, Map.of());
    assertThatThrownBy(() -> factory.create(spec))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessage("profile: none (expected: the name of a profile)");
  }

  @Test
  void anIdleBackendReportsNoLoad() {
    try (Backend backend =
        create(ProfileFixtures.fast(1), Map.of("slots", 2L, "noise", 0.1, "seed", 5L))) {
      assertThat(backend.load()).hasValueSatisfying(load -> assertThat(load.running()).isZero());
      assertThat(backend.reachable()).isTrue();
    }
  }

  private Backend create(Profile profile, Map<String, Object> settings) {
    return factory.create(new BackendSpec("b", "m", profile, settings));
  }
}
