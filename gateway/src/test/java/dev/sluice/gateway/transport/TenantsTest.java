package dev.sluice.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.gateway.core.request.Reason;
import io.grpc.Metadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TenantsTest {

  private static final String CANONICAL = "x-llm-d-inference-fairness-id";
  private static final String ALIAS = "x-gateway-inference-fairness-id";

  @Test
  void bothSpellingsAreRead() throws Exception {
    assertThat(Tenants.read(headers(CANONICAL, "team/a"))).isEqualTo("team/a");
    assertThat(Tenants.read(headers(ALIAS, "b"))).isEqualTo("b");
  }

  @Test
  void whoSaysNothingIsOfTheDefaultFlow() throws Exception {
    assertThat(Tenants.read(new Headers.OfMetadata(new Metadata()))).isEqualTo("default-flow");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a,b", "é", "a\"b", "{}"})
  void aNameThatIsNoneIsRefusedWithItsKey(String name) {
    UnreadableException refusal = refusal(CANONICAL, name);
    assertThat(refusal.failure().reason()).isEqualTo(Reason.MALFORMED_REQUEST);
    assertThat(refusal).hasMessageContaining(CANONICAL).hasMessageContaining("expected");
  }

  @Test
  void aNameThatIsTooLongIsRefused() {
    assertThat(refusal(ALIAS, "x".repeat(129))).hasMessageContaining("129 characters");
  }

  @Test
  void namesThatContradictEachOtherAreRefused() {
    assertThat(refusal(CANONICAL, "a", ALIAS, "b"))
        .hasMessageContaining("x-gateway-inference-fairness-id: 'b' contradicts 'a'");
    assertThat(refusal(CANONICAL, "a", CANONICAL, "b")).hasMessageContaining("contradicts");
  }

  @Test
  void namesThatAgreeAreFine() throws Exception {
    assertThat(Tenants.read(headers(CANONICAL, "a", ALIAS, "a"))).isEqualTo("a");
  }

  private static UnreadableException refusal(String... namesAndValues) {
    return catchThrowableOfType(
        UnreadableException.class, () -> Tenants.read(headers(namesAndValues)));
  }

  private static Headers headers(String... namesAndValues) {
    Metadata metadata = new Metadata();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      metadata.put(
          Metadata.Key.of(namesAndValues[i], Metadata.ASCII_STRING_MARSHALLER),
          namesAndValues[i + 1]);
    }
    return new Headers.OfMetadata(metadata);
  }
}
