package dev.sluice.gateway.config;

import java.nio.file.Path;
import java.util.List;

public final class ConfigLoader {
  private ConfigLoader() {}

  public sealed interface Result {}

  public record Loaded(GatewayConfig config) implements Result {}

  public record Faulty(List<ConfigProblem> problems) implements Result {}

  public static Result load(Path file) {
    return new Faulty(List.of());
  }

  public static Result shipped() {
    return new Faulty(List.of());
  }
}
