package dev.sluice.backends.emulated;

import dev.sluice.backends.fit.FitCommand;
import dev.sluice.backends.profile.ProfileCommand;
import dev.sluice.backends.profile.ProfilesCommand;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of an emulated accelerator. */
@Command(
    name = "sluice-accelerator",
    description =
        "Serves one emulated accelerator, shows the profiles that can be emulated, and fits new"
            + " ones.",
    mixinStandardHelpOptions = true,
    version = "sluice-accelerator 0.1.0",
    subcommands = {
      AcceleratorServeCommand.class,
      ProfilesCommand.class,
      ProfileCommand.class,
      OracleCommand.class,
      FitCommand.class
    })
public final class AcceleratorMain {

  private AcceleratorMain() {}

  /** Runs the command that {@code arguments} name and exits with its code. */
  public static void main(String[] arguments) {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install(); // gRPC logs through java.util.logging
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new AcceleratorMain());
  }
}
