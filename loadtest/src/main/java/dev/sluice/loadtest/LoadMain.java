package dev.sluice.loadtest;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code sluice-load}. */
@Command(
    name = "sluice-load",
    description =
        "Puts load on a gateway and judges the run, plays it in virtual time, and compares.",
    subcommands = {
      RunCommand.class,
      SimulateCommand.class,
      CompareCommand.class,
      EvaluateCommand.class,
      FaultsCommand.class
    },
    mixinStandardHelpOptions = true,
    version = "0.1.0",
    exitCodeOnInvalidInput = ExitCodes.ERROR,
    exitCodeOnExecutionException = ExitCodes.ERROR)
public final class LoadMain {
  private LoadMain() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(execute(out, err, arguments));
  }

  static int execute(PrintWriter out, PrintWriter err, String... arguments) {
    return new CommandLine(new LoadMain())
        .setOut(out)
        .setErr(err)
        .setExecutionExceptionHandler(
            (exception, command, _) -> {
              command.getErr().println("error: " + exception.getMessage());
              return ExitCodes.of(exception);
            })
        .execute(arguments);
  }
}
