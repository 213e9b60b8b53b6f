package dev.sluice.gateway.config;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendFactory;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.InvalidSetting;
import dev.sluice.backends.Setting;
import dev.sluice.backends.Task;
import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Profiles;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Loaders and their results, shared by the tests of this package. */
final class ConfigFixtures {

  /** The least that is a configuration. */
  static final String SMALLEST =
      """
      models:
        - name: llama-3.3-70b
          context_tokens: 8192
      fleet:
        - id: gpu
          kind: emulated
          model: llama-3.3-70b
          profile: h100x4-llama-3.3-70b
      """;

  private ConfigFixtures() {}

  /** A loader with one kind that needs a profile and one that has every type of setting. */
  static ConfigLoader loader() {
    return new ConfigLoader(
        new Catalogue(
            List.of(
                new FakeKind("emulated", true, emulated()),
                new FakeKind("remote", false, remote())),
            Profiles::find,
            Profiles::nearest,
            List.of("bid-price", "round-robin", "least-request", "cheapest-adequate")));
  }

  private static List<Setting> emulated() {
    return List.of(
        optional("slots", Setting.Type.WHOLE_NUMBER), optional("noise", Setting.Type.NUMBER));
  }

  private static List<Setting> remote() {
    return List.of(
        new Setting("address", Setting.Type.TEXT, true, List.of(), "where it listens"),
        new Setting("mode", Setting.Type.TEXT, false, List.of("plain", "tls"), "how"),
        optional("keepalive", Setting.Type.DURATION),
        optional("connections", Setting.Type.WHOLE_NUMBER),
        optional("weight", Setting.Type.NUMBER),
        optional("verify", Setting.Type.FLAG));
  }

  private static Setting optional(String name, Setting.Type type) {
    return new Setting(name, type, false, List.of(), "a setting");
  }

  private record FakeKind(String kind, boolean needsProfile, List<Setting> settings)
      implements BackendFactory {

    @Override
    public boolean isInProcess() {
      return needsProfile;
    }

    @Override
    public List<InvalidSetting> check(BackendSpec spec) {
      return List.of();
    }

    @Override
    public Set<Task> tasks(BackendSpec spec) {
      Profile profile = spec.profile();
      return EnumSet.of(
          profile != null && profile.deployment().embeds() ? Task.EMBED : Task.GENERATE);
    }

    @Override
    public Backend create(BackendSpec spec) {
      throw new UnsupportedOperationException("a configuration is checked without any backend");
    }
  }

  /** The configuration in {@code text}. */
  static GatewayConfig good(String text) {
    return good(loader().parse("f", text));
  }

  static GatewayConfig good(ConfigLoader.Result result) {
    return switch (result) {
      case ConfigLoader.Loaded(GatewayConfig config) -> config;
      case ConfigLoader.Faulty(List<ConfigProblem> problems) ->
          throw new AssertionError(problems.toString());
    };
  }

  /** The problems of {@code text}, which is called f. */
  static List<String> problems(String text) {
    return problems(loader().parse("f", text));
  }

  static List<String> problems(ConfigLoader.Result result) {
    return switch (result) {
      case ConfigLoader.Loaded loaded -> throw new AssertionError("faultless: " + loaded);
      case ConfigLoader.Faulty(List<ConfigProblem> problems) ->
          problems.stream().map(ConfigProblem::toString).toList();
    };
  }
}
