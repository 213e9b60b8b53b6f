package dev.sluice.gateway;

import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the gateway. */
@Command(
    name = "sluice",
    description = "Routes model-inference requests to accelerators by latency budget.",
    mixinStandardHelpOptions = true,
    version = "sluice 0.1.0",
    subcommands = {
      ServeCommand.class,
      CheckCommand.class,
      GenerateCommand.class,
      FleetCommand.class,
      DrainCommand.class,
      UndrainCommand.class
    })
public final class GatewayMain {

  private GatewayMain() {}

  /** Runs the command that {@code arguments} name and exits with its code. */
  public static void main(String[] arguments) {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    System.exit(new CommandLine(new GatewayMain()).execute(arguments));
  }
}
