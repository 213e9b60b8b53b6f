package dev.sluice.backends.profile;

import dev.sluice.backends.profile.Service.Batch;
import dev.sluice.backends.profile.Service.BatchLimits;
import dev.sluice.backends.profile.Service.HostFloor;
import dev.sluice.backends.profile.Unit.Dimension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.Locale;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A profile in a file of its own, for hardware that the catalogue does not know: what {@code
 * sluice-accelerator fit} measured, or what an operator wrote. It is of a batching engine, and
 * holds the costs of its steps themselves, where the catalogue derives them from data sheets.
 */
public final class ProfileFile {

  /** How the name of such a file ends. */
  public static final String SUFFIX = ".yaml";

  private static final Map<String, Provenance> SOURCES =
      Map.of(
          "file",
          new Provenance("a file of the operator", Confidence.MEASURED, YearMonth.of(2026, 1)));

  private ProfileFile() {}

  /**
   * The profile in {@code file}.
   *
   * @throws IllegalArgumentException if there is none; names file, key, value and what was expected
   */
  public static Profile read(Path file) {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (NoSuchFileException _) {
      throw new IllegalArgumentException(file + ": no such file");
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": cannot be read as UTF-8 text", e);
    } catch (CatalogueException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  static Profile parse(String name, String text) {
    LoadSettings settings = LoadSettings.builder().setLabel(name).setUseMarks(false).build();
    try {
      if (new Load(settings).loadFromString(text) instanceof Map<?, ?> map) {
        return profile(new Section(name, map, SOURCES));
      }
    } catch (YamlEngineException broken) {
      throw new CatalogueException(name, broken);
    }
    throw new CatalogueException(name, "no mapping", "one mapping as a whole");
  }

  private static Profile profile(Section file) {
    Section deployment = file.section("deployment");
    Profile profile =
        new Profile(
            file.text("name"),
            new Profile.Deployment(
                deployment.oneOf("kind", AcceleratorKind.class),
                deployment.text("hardware"),
                deployment.wholeNumber("devices", 1),
                deployment.text("model"),
                deployment.text("precision")),
            service(file.section("batch")),
            file.figureOrZero("overhead", Dimension.TIME).base(),
            energy(file),
            price(file),
            file.wholeNumber("contextTokens", 1));
    deployment.finish();
    file.finish();
    return profile;
  }

  private static Batch service(Section batch) {
    Batch service =
        new Batch(
            batch.figure("step", Dimension.TIME).base(),
            batch.figureOrZero("perSequence", Dimension.TIME).base(),
            batch.figureOrZero("perCachedToken", Dimension.TIME).base(),
            batch.figureOrZero("perPromptToken", Dimension.TIME).base(),
            HostFloor.NONE,
            new BatchLimits(
                batch.wholeNumber("chunkTokens", 1),
                batch.wholeNumber("maxSequences", 1),
                batch.wholeNumber("cachedTokens", 1),
                batch.wholeNumber("blockTokens", 1),
                batch.wholeNumber("prefixCache", 0) > 0));
    batch.finish();
    return service;
  }

  private static Profile.Energy energy(Section file) {
    if (!file.has("energy")) {
      return new Profile.Energy(0, 0, 0, 0);
    }
    Section energy = file.section("energy");
    Profile.Energy read =
        new Profile.Energy(
            energy.figureOrZero("perStep", Dimension.ENERGY).base(),
            energy.figureOrZero("perToken", Dimension.ENERGY).base(),
            energy.figureOrZero("perPromptToken", Dimension.ENERGY).base(),
            energy.figureOrZero("idle", Dimension.POWER).base());
    energy.finish();
    return read;
  }

  private static Profile.Price price(Section file) {
    return new Profile.Price(
        file.has("price") ? file.figureOrZero("price", Dimension.RENT).base() : 0, 0, 0);
  }

  /**
   * The text of the file that holds {@code profile}.
   *
   * @param about what a reader should know of it: lines of a comment
   * @throws IllegalArgumentException if it is not of a batching engine
   */
  public static String text(Profile profile, String about) {
    if (!(profile.service() instanceof Batch batch)) {
      throw new IllegalArgumentException(
          "profile " + profile.name() + ": has slots (expected: a batching engine)");
    }
    Profile.Deployment deployment = profile.deployment();
    BatchLimits limits = batch.limits();
    return String.format(
        Locale.ROOT,
        """
        %s
        name: %s
        from: file
        deployment: {kind: %s, hardware: %s, devices: %d, model: %s, precision: %s}
        contextTokens: %d
        overhead: %s
        batch:
          from: file
          step: %s
          perSequence: %s
          perCachedToken: %s
          perPromptToken: %s
          chunkTokens: %d
          maxSequences: %d
          cachedTokens: %d
          blockTokens: %d
          prefixCache: %d
        price: %s USD/h
        energy: {from: file, perStep: %s J, perToken: %s J, perPromptToken: %s J, idle: %s W}
        """,
        about.lines().map(line -> "# " + line).reduce((a, b) -> a + "\n" + b).orElse("#"),
        profile.name(),
        deployment.kind(),
        deployment.hardware(),
        deployment.devices(),
        deployment.model(),
        deployment.precision(),
        profile.contextTokens(),
        time(profile.overheadNanos()),
        time(batch.stepNanos()),
        time(batch.perSequenceNanos()),
        time(batch.perKvTokenNanos()),
        time(batch.perPromptTokenNanos()),
        limits.chunkTokens(),
        limits.maxSequences(),
        limits.kvTokens(),
        limits.blockTokens(),
        limits.prefixCache() ? 1 : 0,
        number(profile.price().perHourUsd()),
        number(profile.energy().perStepJoules()),
        number(profile.energy().perTokenJoules()),
        number(profile.energy().perPromptTokenJoules()),
        number(profile.energy().idleWatts()));
  }

  private static String time(double nanos) {
    return nanos >= 1e5 ? number(nanos / 1e6) + " ms" : number(nanos / 1e3) + " us";
  }

  /** Four digits behind the point are more than a measurement has. */
  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value).replaceFirst("\\.?0+$", "");
  }
}
