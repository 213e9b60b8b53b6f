package dev.sluice.gateway;

import dev.sluice.gateway.config.ConfigLoader;
import dev.sluice.gateway.config.ConfigProblem;
import dev.sluice.gateway.config.GatewayConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Loads the configuration for a command and tells a person what is wrong with it. */
final class ConfigFile {

  private ConfigFile() {}

  /** Where the paths begin that {@code file}, or the shipped configuration, names. */
  static Path folder(@Nullable Path file) {
    return file == null ? Path.of("") : file.resolveSibling("");
  }

  /**
   * The configuration in {@code file}, or the shipped one; null after its problems were written to
   * {@code err}.
   */
  static @Nullable GatewayConfig load(@Nullable Path file, PrintWriter err) {
    ConfigLoader.Result result = file == null ? ConfigLoader.shipped() : ConfigLoader.load(file);
    return switch (result) {
      case ConfigLoader.Loaded loaded -> loaded.config();
      case ConfigLoader.Faulty(List<ConfigProblem> problems) -> {
        problems.forEach(problem -> err.println(problem.toString()));
        err.printf("%d problem%s%n", problems.size(), problems.size() == 1 ? "" : "s");
        yield null;
      }
    };
  }
}
