package dev.sluice.gateway;

import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.gateway.engine.Installation;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks a configuration file and lists everything that is wrong with it. */
@Command(
    name = "check",
    description = "Checks a configuration file; lists every problem; exit code 1 if there is one.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CheckCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The configuration file.")
  private Path file;

  @Override
  public Integer call() {
    GatewayConfig config = ConfigFile.load(file, spec.commandLine().getErr());
    if (config == null) {
      return 1;
    }
    spec.commandLine()
        .getOut()
        .printf(
            "%s: good: %d models, %d service classes, %d backends, policy %s%n",
            file,
            config.models().size(),
            config.serviceClasses().size(),
            config.fleet().size(),
            config.policy().name());
    Installation.Places places = Installation.Places.beside(ConfigFile.folder(file));
    config.engines().forEach(engine -> tell(engine, places));
    return 0;
  }

  /** What is not installed is no mistake of the file: the gateway serves without it. */
  private void tell(GatewayConfig.Engine engine, Installation.Places places) {
    String found =
        switch (Installation.of(engine.start(), places)) {
          case Installation.Found(Path program) -> "would be started: " + program;
          case Installation.Missing(String text) -> "would not be started: " + text;
        };
    spec.commandLine().getOut().printf("engine of %s %s%n", engine.backend(), found);
  }
}
