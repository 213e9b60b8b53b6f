package dev.sluice.backends.emulated;

import dev.sluice.backends.Prompt;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Prints the answer that every emulated accelerator gives to a prompt, to compare a streamed one
 * with.
 */
@Command(
    name = "oracle",
    description = "Prints the answer that every emulated accelerator must give to a text prompt.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class OracleCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PROMPT", description = "The prompt, as text.")
  private String prompt;

  @Option(names = "--model", required = true, description = "Name of the model in the request.")
  private String model;

  @Option(names = "--seed", paramLabel = "N", description = "Seed in the request; default: none.")
  private @Nullable Long seed;

  @Option(
      names = "--tokens",
      required = true,
      paramLabel = "N",
      description = "Number of tokens, from the first.")
  private int tokens;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.println(EmulatedText.of(model, new Prompt.Text(prompt), seed).text(0, tokens));
    out.flush();
    return 0;
  }
}
