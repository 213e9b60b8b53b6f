package dev.sluice.gateway;

import dev.sluice.gateway.config.GatewayConfig;
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
    return 0;
  }
}
