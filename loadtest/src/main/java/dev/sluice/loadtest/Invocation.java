package dev.sluice.loadtest;

import dev.sluice.loadtest.workload.TraceSummary;
import java.io.PrintWriter;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** One call of a command, as typed: where it prints, and how a value that it got is refused. */
@Command
final class Invocation {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  PrintWriter out() {
    return commandLine().getOut();
  }

  PrintWriter err() {
    return commandLine().getErr();
  }

  ParseResult arguments() {
    return commandLine().getParseResult();
  }

  /** Tells what was found in a trace, and each row that was left out of it. */
  void describe(TraceSummary summary) {
    out().println(summary.describe());
    summary.rows().drops().forEach(drop -> out().println("dropped " + drop));
  }

  /** What {@code reading} makes of the arguments; a value without sense is a usage error. */
  <T> T checked(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandLine(), error(e.getMessage()), e);
    }
  }

  /** A usage error. */
  ParameterException usage(@Nullable String message) {
    return new ParameterException(commandLine(), error(message));
  }

  private static String error(@Nullable String message) {
    return "error: " + message;
  }

  private CommandLine commandLine() {
    if (command == null) {
      throw new IllegalStateException("command outside picocli");
    }
    return command.commandLine();
  }
}
