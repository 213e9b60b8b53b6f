package dev.sluice.backends.emulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendFactory;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.InvalidSetting;
import dev.sluice.backends.InvalidSettingException;
import dev.sluice.backends.Setting;
import dev.sluice.backends.emulated.model.ProfileFixtures;
import dev.sluice.backends.profile.Profile;
import java.util.List;
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
  @CsvSource({
    "noise, 0.51",
    "noise, -0.1",
    "noise, NaN",
    "speed, 0",
    "speed, -1",
    "speed, NaN",
    "speed, 4.9e-324",
    "speed, 1e308"
  })
  void numbersOutOfRangeAreRefused(String name, double value) {
    assertThatThrownBy(() -> create(ProfileFixtures.fast(1), Map.of(name, value)))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageStartingWith(name + ": " + value);
  }

  @Test
  void everySettingThatCannotBeUsedIsNamed() {
    Map<String, Object> settings = Map.of("slots", 0L, "noise", 2.0, "speed", 0.0, "seed", 1L);
    assertThat(factory.check(new BackendSpec("", "", ProfileFixtures.fast(1), settings)))
        .containsExactly(
            new InvalidSetting("slots", "0", "1 to 2147483647"),
            new InvalidSetting("noise", "2.0", "0 to 0.5"),
            new InvalidSetting("speed", "0.0", "0.000001 to 1000000"));
    assertThatThrownBy(() -> create(ProfileFixtures.fast(1), settings))
        .hasMessage(
            "slots: 0 (expected: 1 to 2147483647); noise: 2.0 (expected: 0 to 0.5);"
                + " speed: 0.0 (expected: 0.000001 to 1000000)");
  }

  @Test
  void aProfileThatIsNotKnownYetIsNoMistakeOfTheSettings() {
    assertThat(factory.check(new BackendSpec("", "", null, Map.of("slots", 4L)))).isEmpty();
    assertThat(factory.check(new BackendSpec("", "", null, Map.of("slots", 0L)))).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"speed, 0.000001", "speed, 1000000", "noise, 0.5", "noise, 0"})
  void theLastValuesThatPassTheCheckMakeABackend(String name, double value) {
    for (Profile profile : List.of(ProfileFixtures.fast(1), ProfileFixtures.h100Llama8b())) {
      try (Backend backend = create(profile, Map.of(name, value))) {
        assertThat(backend.reachable()).isTrue();
      }
    }
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
