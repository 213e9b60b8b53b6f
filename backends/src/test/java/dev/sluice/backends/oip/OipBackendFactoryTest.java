package dev.sluice.backends.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendFactory;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.Continuation;
import dev.sluice.backends.InvalidSetting;
import dev.sluice.backends.InvalidSettingException;
import dev.sluice.backends.Setting;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** What the configuration may say of a backend of kind {@code oip}. */
final class OipBackendFactoryTest {

  private final OipBackendFactory factory = new OipBackendFactory();

  @Test
  void isFoundByItsKind() {
    assertThat(ServiceLoader.load(BackendFactory.class))
        .anyMatch(found -> found.kind().equals("oip") && !found.needsProfile());
  }

  @Test
  void onlyTheTargetIsRequired() {
    assertThat(factory.settings())
        .filteredOn(Setting::required)
        .extracting(Setting::name)
        .containsExactly("target");
    try (Backend backend = factory.create(spec(Map.of("target", "localhost:8001")))) {
      assertThat(backend.toString()).contains("localhost:8001").contains("TRITON");
    }
  }

  @Test
  void everySettingThatCannotBeUsedIsNamed() {
    Map<String, Object> settings =
        Map.of("target", "host", "keepalive", 1_000_000_000L, "tensor_text_input", "none");
    assertThat(factory.check(spec(settings)))
        .containsExactly(
            new InvalidSetting("target", "host", "HOST:PORT"),
            new InvalidSetting("keepalive", "1000ms", "at least 10s"),
            new InvalidSetting("tensor_text_input", "none", "the name of a tensor"));
    assertThatThrownBy(() -> factory.create(spec(settings)))
        .isInstanceOf(InvalidSettingException.class);
  }

  @Test
  void aContinuationIsWhatItIsDeclaredToBe() {
    assertThat(factory.continuation(spec(Map.of()))).isEqualTo(Continuation.NONE);
    assertThat(factory.continuation(spec(Map.of("continuation", "plausible"))))
        .isEqualTo(Continuation.PLAUSIBLE);
  }

  private static BackendSpec spec(Map<String, Object> settings) {
    return new BackendSpec("b", "m", null, settings);
  }
}
