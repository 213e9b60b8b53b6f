package dev.sluice.backends.profile;

import dev.sluice.backends.profile.Profile.Price;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints one line for each shipped profile. */
@Command(
    name = "profiles",
    mixinStandardHelpOptions = true,
    description = "Lists the shipped profiles: hardware, model, speed, context, price.")
public final class ProfilesCommand implements Callable<Integer> {

  @SuppressWarnings("NullAway.Init") // set by picocli
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() {
    TextTable table =
        new TextTable(
            Set.of(2, 5, 6, 7),
            "NAME",
            "KIND",
            "DEVICES",
            "MODEL",
            "PRECISION",
            "MS/TOKEN",
            "CONTEXT",
            "PRICE",
            "CONFIDENCE");
    for (String name : Profiles.names()) {
      add(table, Profiles.sheet(name).orElseThrow());
    }
    PrintWriter out = spec.commandLine().getOut();
    table.print(out);
    out.flush();
    return 0;
  }

  private static void add(TextTable table, ProfileSheet sheet) {
    Profile profile = sheet.profile();
    Profile.Deployment deployment = profile.deployment();
    double tokenMillis = BatchSweep.point(profile, 1).tokenNanos() / 1e6;
    table.row(
        profile.name(),
        deployment.kind().name(),
        String.valueOf(deployment.devices()),
        deployment.model(),
        deployment.precision(),
        String.format(Locale.ROOT, "%.2f", tokenMillis),
        String.valueOf(profile.contextTokens()),
        price(profile.price()),
        sheet.speed().word());
  }

  private static String price(Price price) {
    return price.perHourUsd() > 0
        ? String.format(Locale.ROOT, "%.2f $/h", price.perHourUsd())
        : String.format(
            Locale.ROOT,
            "%.2f/%.2f $/Mtok",
            price.perMillionInputUsd(),
            price.perMillionOutputUsd());
  }
}
