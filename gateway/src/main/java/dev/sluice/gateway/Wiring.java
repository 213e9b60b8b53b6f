package dev.sluice.gateway;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendFactory;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.PromptLength;
import dev.sluice.gateway.call.Payload;
import dev.sluice.gateway.config.GatewayConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** Makes the backends that the configuration names, and counts prompts as they do. */
final class Wiring {

  private Wiring() {}

  /** Makes the backends of {@code config}, in the order of its fleet. */
  static List<Backend> backends(GatewayConfig config) {
    List<BackendFactory> factories =
        ServiceLoader.load(BackendFactory.class).stream().map(ServiceLoader.Provider::get).toList();
    List<Backend> backends = new ArrayList<>();
    for (GatewayConfig.BackendEntry entry : config.fleet()) {
      BackendFactory factory =
          factories.stream().filter(f -> f.kind().equals(entry.kind())).findFirst().orElseThrow();
      backends.add(
          factory.create(
              new BackendSpec(entry.id(), entry.model(), entry.profile(), entry.settings())));
    }
    return backends;
  }

  /** Tokens of a prompt: exact for ids, an estimate for text. */
  static int promptTokens(Payload.Prompt prompt) {
    return switch (prompt) {
      case Payload.Text(String text) -> PromptLength.ofText(text);
      case Payload.TokenIds(int[] ids) -> PromptLength.tokens(new Prompt.TokenIds(ids));
      case Payload.Chat(List<String> rolesAndContents, Payload.Verbatim verbatim) -> {
        int tokens = PromptLength.ofText(verbatim.ofRequest());
        for (String ofMessage : verbatim.ofMessages()) {
          tokens += PromptLength.ofText(ofMessage);
        }
        for (int i = 1; i < rolesAndContents.size(); i += 2) {
          tokens += PromptLength.ofMessage(rolesAndContents.get(i));
        }
        yield tokens;
      }
    };
  }
}
