package dev.sluice.backends.fit;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendFactory;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.InvalidSettingException;
import dev.sluice.backends.profile.AcceleratorKind;
import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.ProfileFile;
import dev.sluice.backends.profile.Service;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Measures what an engine with OpenAI's HTTP API takes, alone and for several at once, and writes a
 * profile that fits. Which prompts, and how many at once: a few of each, since some minutes of an
 * idle engine are what an operator has to spare.
 */
@Command(
    name = "fit",
    description = "Measures an idle engine and writes a profile that fits, for the configuration.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class FitCommand implements Callable<Integer> {

  private static final String KIND = "openai";
  private static final int REPEATS = 3;
  private static final int BLOCK_TOKENS = 16;

  @Spec private CommandSpec spec;

  @Option(
      names = "--target",
      required = true,
      paramLabel = "URL",
      description = "Where the engine's API begins, such as http://127.0.0.1:8081/v1.")
  private String target;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME",
      description = "Name of the model in Sluice's configuration.")
  private String model;

  @Option(
      names = "--upstream-model",
      paramLabel = "NAME",
      description = "What the engine calls it; default: the same.")
  private String upstreamModel = "";

  @Option(names = "--preset", paramLabel = "NAME", description = "Which engine it is.")
  private String preset = "openai";

  @Option(
      names = "--api-key-env",
      paramLabel = "NAME",
      description = "Environment variable with the key it asks for; default: none.")
  private String keyVariable = "";

  @Option(names = "--kind", paramLabel = "KIND", description = "What it runs on.")
  private AcceleratorKind kind = AcceleratorKind.CPU;

  @Option(names = "--hardware", paramLabel = "NAME", description = "What that is called.")
  private String hardware = "this-machine";

  @Option(
      names = "--sequences",
      paramLabel = "N",
      description = "Most requests that it works on at once, as it was started.")
  private int sequences = 4;

  @Option(
      names = "--context",
      paramLabel = "N",
      description = "Most tokens of prompt and answer together.")
  private int contextTokens = 4096;

  @Option(names = "--tokens", paramLabel = "N", description = "Length of the answers asked for.")
  private int tokens = 32;

  @Option(names = "--price", paramLabel = "USD", description = "US dollars an hour.")
  private double perHourUsd;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the profile goes, NAME.yaml; default: standard output.")
  private Path out;

  @Override
  public Integer call() throws InterruptedException {
    check();
    PrintWriter err = spec.commandLine().getErr();
    List<Measured> measured;
    try (Backend backend = backend()) {
      measured = measure(new Probes(backend, model, new SplittableRandom(1), System::nanoTime));
    } catch (ProbeFailedException e) {
      err.println("error: target: " + target + ": " + e.getMessage());
      return ExitCode.SOFTWARE;
    }
    StepFit fit = StepFit.of(measured);
    table(measured, fit, err);
    String text = ProfileFile.text(profile(fit), about(measured, fit));
    if (out == null) {
      spec.commandLine().getOut().print(text);
      spec.commandLine().getOut().flush();
      return ExitCode.OK;
    }
    try {
      Files.writeString(out, text);
    } catch (IOException e) {
      err.println("error: out: " + out + ": cannot be written (" + e.getMessage() + ")");
      return ExitCode.SOFTWARE;
    }
    err.println("profile: " + out);
    return ExitCode.OK;
  }

  private void check() {
    checkAtLeast("sequences", sequences, 1);
    checkAtLeast("tokens", tokens, 8);
    checkAtLeast("context", contextTokens, 4 * tokens);
    if (!(perHourUsd >= 0) || Double.isInfinite(perHourUsd)) {
      throw usage("price: " + perHourUsd + " (expected: 0 or more)");
    }
    if (out != null && !out.toString().endsWith(ProfileFile.SUFFIX)) {
      throw usage("out: " + out + " (expected: a name that ends with " + ProfileFile.SUFFIX + ")");
    }
  }

  private void checkAtLeast(String name, int value, int least) {
    if (value < least) {
      throw usage(name + ": " + value + " (expected: " + least + " or more)");
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), "error: " + message);
  }

  private Backend backend() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("base_url", target);
    settings.put("preset", preset);
    settings.put("metrics", false);
    if (!upstreamModel.isEmpty()) {
      settings.put("upstream_model", upstreamModel);
    }
    if (!keyVariable.isEmpty()) {
      settings.put("api_key_env", keyVariable);
    }
    try {
      return factory().create(new BackendSpec("fit", model, null, settings));
    } catch (InvalidSettingException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  /** The adapter that speaks OpenAI's API. */
  private static BackendFactory factory() {
    return ServiceLoader.load(BackendFactory.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(factory -> factory.kind().equals(KIND))
        .findFirst()
        .orElseThrow();
  }

  /** Alone with prompts of several lengths, then more and more at once with short ones. */
  private List<Measured> measure(Probes probes) throws ProbeFailedException, InterruptedException {
    List<Integer> lengths = new ArrayList<>();
    for (int words = 16; words <= 1024 && words <= contextTokens / 3; words *= 4) {
      lengths.add(words);
    }
    List<Integer> crowds = new ArrayList<>();
    for (int together = 2; together < sequences; together *= 2) {
      crowds.add(together);
    }
    if (sequences > 1) {
      crowds.add(sequences);
    }
    probes.ask(1, lengths.getFirst(), tokens); // loads what the engine loads when first asked
    List<Measured> measured = new ArrayList<>();
    int steps = REPEATS * (lengths.size() + crowds.size());
    int step = 0;
    for (int repeat = 0; repeat < REPEATS; repeat++) {
      for (int words : lengths) {
        progress(++step, steps);
        measured.addAll(probes.ask(1, words, tokens));
      }
      for (int together : crowds) {
        progress(++step, steps);
        measured.addAll(probes.ask(together, lengths.getFirst(), tokens));
      }
    }
    progress(0, steps);
    return measured;
  }

  /** Tells on a terminal how far it is; 0 clears the line. */
  private void progress(int step, int steps) {
    if (Boolean.getBoolean("sluice.stderr.terminal")) {
      PrintWriter err = spec.commandLine().getErr();
      err.print(step == 0 ? "\r\033[K" : "\r\033[Kprobe " + step + " of " + steps);
      err.flush();
    }
  }

  private Profile profile(StepFit fit) {
    return new Profile(
        "fitted-" + model,
        new Profile.Deployment(kind, hardware, 1, model, "unknown"),
        new Service.Batch(
            fit.stepNanos(),
            fit.perSequenceNanos(),
            fit.perCachedTokenNanos(),
            fit.perPromptTokenNanos(),
            Service.HostFloor.NONE,
            new Service.BatchLimits(
                512, sequences, (long) sequences * contextTokens, BLOCK_TOKENS, true)),
        fit.overheadNanos(),
        new Profile.Energy(0, 0, 0, 0),
        new Profile.Price(perHourUsd, 0, 0),
        contextTokens);
  }

  private String about(List<Measured> measured, StepFit fit) {
    return String.format(
        Locale.ROOT,
        """
        Fitted by sluice-accelerator fit to %d requests to %s:
        median error %.1f %% of the first token alone, %.1f %% of the time per token.
        Energy was not measured; steps are taken to hold 512 tokens of prompts at most.\
        """,
        measured.size(),
        target,
        100 * fit.firstTokenError(measured),
        100 * fit.perTokenError(measured));
  }

  private static void table(List<Measured> measured, StepFit fit, PrintWriter err) {
    err.println("together  prompt  answer  TTFT ms  fitted  ms a token  fitted");
    for (Measured each : measured) {
      err.printf(
          Locale.ROOT,
          "%8d  %6d  %6d  %7.1f  %6s  %10.2f  %6.2f%n",
          each.together(),
          each.inputTokens(),
          each.outputTokens(),
          each.firstTokenNanos() / 1e6,
          each.together() == 1
              ? String.format(Locale.ROOT, "%.1f", fit.firstTokenNanos(each) / 1e6)
              : "–",
          each.perTokenNanos() / 1e6,
          fit.perTokenNanos(each) / 1e6);
    }
    err.flush();
  }
}
