package dev.sluice.backends.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Duration;
import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendFactory;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.Generation;
import dev.sluice.backends.InvalidSetting;
import dev.sluice.backends.InvalidSettingException;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.Sampling;
import dev.sluice.backends.Setting;
import dev.sluice.backends.grpc.Address;
import dev.sluice.v1.Budget;
import dev.sluice.v1.GenerateRequest;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the configuration may say of a backend, and what a request says of a generation. */
final class SluiceBackendFactoryTest {

  private final SluiceBackendFactory factory = new SluiceBackendFactory();

  @Test
  void isFoundByItsKind() {
    assertThat(ServiceLoader.load(BackendFactory.class))
        .anyMatch(found -> found.kind().equals("sluice") && !found.needsProfile());
  }

  @Test
  void onlyTheAddressIsRequired() {
    assertThat(factory.settings())
        .extracting(Setting::name, Setting::required)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("address", true),
            org.assertj.core.groups.Tuple.tuple("keepalive", false),
            org.assertj.core.groups.Tuple.tuple("connections", false),
            org.assertj.core.groups.Tuple.tuple("continuation", false));
    try (Backend backend = create(Map.of("address", "localhost:8990"))) {
      assertThat(backend.toString()).contains("localhost:8990").contains("IDLE");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "host",
        "host:",
        ":80",
        "host:0",
        "host:65536",
        "host:x",
        "::1:80",
        "a b:80",
        "a/b:80",
        "a_b:80",
        "a[b:80",
        "a%b:80",
        "a?b:80",
        "a@b:80",
        "a..b:80",
        "[a b]:80"
      })
  void anAddressThatCannotBeIsNamed(String address) {
    assertThatThrownBy(() -> create(Map.of("address", address)))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessage("address: " + address + " (expected: HOST:PORT)");
  }

  @Test
  void addressesOfBothFamiliesAreRead() {
    assertThat(Address.parse("10.0.0.1:80")).contains(new Address("10.0.0.1", 80));
    assertThat(Address.parse("[::1]:80")).contains(new Address("::1", 80));
    assertThat(new Address("::1", 80)).hasToString("[::1]:80");
  }

  @Test
  void numbersOutOfRangeAreNamed() {
    assertThatThrownBy(() -> create(Map.of("address", "h:1", "connections", 0L)))
        .hasMessageContaining("connections: 0 (expected: 1 to 64)");
    assertThatThrownBy(() -> create(Map.of("address", "h:1", "keepalive", 1_000_000_000L)))
        .hasMessageContaining("keepalive: 1000ms (expected: at least 10s)");
  }

  @Test
  void everySettingThatCannotBeUsedIsNamed() {
    Map<String, Object> settings = Map.of("connections", 65L, "keepalive", 1L);
    assertThat(factory.check(new BackendSpec("", "", null, settings)))
        .containsExactly(
            new InvalidSetting("address", "", "HOST:PORT"),
            new InvalidSetting("keepalive", "0ms", "at least 10s"),
            new InvalidSetting("connections", "65", "1 to 64"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[::1]:1", "[fe80::1%eth0]:65535", "a-b.c:080", "localhost.:80"})
  void anAddressThatPassesTheCheckMakesABackend(String address) {
    try (Backend backend = create(Map.of("address", address))) {
      assertThat(backend.toString()).contains("IDLE");
    }
  }

  private Backend create(Map<String, Object> settings) {
    return factory.create(new BackendSpec("b", "m", null, settings));
  }

  @Test
  void aRequestSaysAllThatAGenerationSays() {
    Generation generation =
        new Generation(
            "r-1",
            "m",
            new Prompt.Chat(List.of(new Prompt.Message("user", "hi"))),
            new Sampling(9, 0.5, 0.9, 40, 11L, List.of("END")),
            new Generation.Terms(9, 1_500_000_000, 20_000_000, 3_000_000_000L, "chat", "s-1", 77));
    GenerateRequest request = RequestWriter.write(generation);
    assertThat(request.getRequestId()).isEqualTo("r-1");
    assertThat(request.getModel()).isEqualTo("m");
    assertThat(request.getChat().getMessages(0).getRole()).isEqualTo("user");
    assertThat(request.getChat().getMessages(0).getContent()).isEqualTo("hi");
    assertThat(request.getSampling())
        .isEqualTo(
            dev.sluice.v1.Sampling.newBuilder()
                .setMaxOutputTokens(9)
                .setTemperature(0.5)
                .setTopP(0.9)
                .setTopK(40)
                .setSeed(11)
                .addStop("END")
                .build());
    assertThat(request.getBudget())
        .isEqualTo(
            Budget.newBuilder()
                .setTimeToFirstToken(duration(1, 500_000_000))
                .setTimePerOutputToken(duration(0, 20_000_000))
                .setTotal(duration(3, 0))
                .build());
    assertThat(request.getServiceClass()).isEqualTo("chat");
    assertThat(request.getSession()).isEqualTo("s-1");
    assertThat(request.getHints().getExpectedOutputTokens()).isEqualTo(77);
  }

  private static Duration duration(long seconds, int nanos) {
    return Duration.newBuilder().setSeconds(seconds).setNanos(nanos).build();
  }

  @Test
  void aRequestSaysNothingThatAGenerationDoesNotSay() {
    GenerateRequest request =
        RequestWriter.write(
            new Generation(
                "",
                "m",
                new Prompt.TokenIds(new int[] {1, 2}),
                Sampling.upTo(1),
                Generation.Terms.NONE));
    assertThat(request.getTokens().getIdsList()).containsExactly(1, 2);
    assertThat(request.hasBudget()).isFalse();
    assertThat(request.hasHints()).isFalse();
    assertThat(request.getSampling().hasTemperature()).isFalse();
  }
}
