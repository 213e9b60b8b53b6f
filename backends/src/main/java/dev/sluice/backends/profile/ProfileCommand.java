package dev.sluice.backends.profile;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints one profile with the origin of every figure and what it means at each batch. */
@Command(
    name = "profile",
    mixinStandardHelpOptions = true,
    description = "Shows one profile: each figure with its source, and its speed at each batch.")
public final class ProfileCommand implements Callable<Integer> {

  /** Four significant digits tell figures apart and do not feign precision. */
  private static final MathContext DIGITS = new MathContext(4);

  @SuppressWarnings("NullAway.Init") // set by picocli
  @Spec
  private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // set by picocli
  @Parameters(paramLabel = "NAME", description = "name of the profile, as 'profiles' lists it")
  private String name;

  @Override
  public Integer call() {
    Optional<ProfileSheet> sheet = Profiles.sheet(name);
    if (sheet.isEmpty()) {
      PrintWriter err = spec.commandLine().getErr();
      err.println(
          "profile: "
              + name
              + " (expected: a name that 'profiles' lists, such as "
              + Profiles.nearest(name)
              + ")");
      err.flush();
      return ExitCode.SOFTWARE;
    }
    PrintWriter out = spec.commandLine().getOut();
    print(sheet.get(), out);
    out.flush();
    return ExitCode.OK;
  }

  private static void print(ProfileSheet sheet, PrintWriter out) {
    Profile profile = sheet.profile();
    Profile.Deployment deployment = profile.deployment();
    out.printf(
        Locale.ROOT,
        "%s: %s in %s on %d %s (%s)%n",
        profile.name(),
        deployment.model(),
        deployment.precision(),
        deployment.devices(),
        deployment.hardware(),
        deployment.kind());
    out.println();
    figures("FIGURE", sheet.results(), out);
    out.println();
    figures("MADE FROM", sheet.inputs(), out);
    out.println();
    sweep(profile, out);
  }

  private static void figures(String head, List<Figure> figures, PrintWriter out) {
    TextTable table =
        new TextTable(Set.of(1), head, "VALUE", "UNIT", "CONFIDENCE", "DATE", "SOURCE");
    for (Figure figure : figures) {
      Provenance origin = figure.provenance();
      table.row(
          figure.name(),
          written(figure.value()),
          figure.unit().symbol(),
          origin.confidence().word(),
          origin.date().toString(),
          origin.source());
    }
    table.print(out);
  }

  /** Whole numbers in full, others to four significant digits. */
  private static String written(double value) {
    return value == Math.rint(value)
        ? String.valueOf((long) value)
        : new BigDecimal(value).round(DIGITS).stripTrailingZeros().toPlainString();
  }

  private static void sweep(Profile profile, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "Decoding together, each with %d tokens of context:%n",
        ProfileSheet.REFERENCE_CONTEXT_TOKENS);
    TextTable table =
        new TextTable(
            Set.of(0, 1, 2, 3, 4),
            "BATCH",
            "MS/TOKEN",
            "TOKENS/S EACH",
            "TOKENS/S IN ALL",
            "J/TOKEN");
    for (BatchSweep.Point point : BatchSweep.of(profile)) {
      table.row(
          String.valueOf(point.sequences()),
          String.format(Locale.ROOT, "%.2f", point.tokenNanos() / 1e6),
          String.format(Locale.ROOT, "%.1f", point.tokensPerSecondEach()),
          String.format(Locale.ROOT, "%.0f", point.tokensPerSecondInAll()),
          String.format(Locale.ROOT, "%.3f", point.perTokenJoules()));
    }
    table.print(out);
  }
}
