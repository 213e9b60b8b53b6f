package dev.sluice.backends.profile;

import dev.sluice.backends.profile.Unit.Dimension;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One deployment of the catalogue: what runs on what, and what is known of it beyond the figures of
 * both.
 *
 * @param name of its profile
 * @param setup what runs on what
 * @param known what takes the place of derived figures
 */
record Entry(String name, Setup setup, Known known) {

  /**
   * What is known of a deployment beyond its hardware and model; null: nothing.
   *
   * @param fit measured time of a step
   * @param like name of the deployment whose measured fit is moved to this one
   * @param energy measured energy
   * @param token measured time of a token, on an engine without a batch
   * @param price per token
   * @param context most tokens of prompt and answer together
   */
  record Known(
      @Nullable Fit fit,
      @Nullable String like,
      @Nullable EnergyFit energy,
      @Nullable Figure token,
      @Nullable TokenPrice price,
      @Nullable Figure context) {}

  /**
   * Time of a step, {@code step + perSequence·B}, measured with {@code context} tokens a sequence.
   */
  record Fit(Figure step, Figure perSequence, Figure context) {}

  /** Joules per output token, {@code perStep/B + perToken}. */
  record EnergyFit(Figure perStep, Figure perToken) {}

  /** US dollars per million tokens of prompts and of answers. */
  record TokenPrice(Figure input, Figure output) {}

  /** File and name, for error messages. */
  String where() {
    return setup.where();
  }

  /** Reads what is known; {@code setup} was read from the same section. */
  static Entry read(Section section, Setup setup) {
    Section fit = optional(section, "fit");
    boolean moved = fit != null && fit.has("like");
    Entry entry =
        new Entry(
            section.name(),
            setup,
            new Known(
                fit == null || moved ? null : fit(fit),
                fit != null && moved ? like(fit) : null,
                energy(optional(section, "energy")),
                section.optionalFigure("token", Dimension.TIME),
                price(optional(section, "price")),
                section.optionalFigure("context", Dimension.TOKENS)));
    section.finish();
    return entry;
  }

  private static @Nullable Section optional(Section section, String key) {
    return section.has(key) ? section.section(key) : null;
  }

  private static String like(Section section) {
    String like = section.text("like");
    section.finish();
    return like;
  }

  private static Fit fit(Section section) {
    Fit fit =
        new Fit(
            section.figure("step", Dimension.TIME),
            section.figure("perSequence", Dimension.TIME),
            section.figure("context", Dimension.TOKENS));
    section.finish();
    return fit;
  }

  private static @Nullable EnergyFit energy(@Nullable Section section) {
    if (section == null) {
      return null;
    }
    EnergyFit energy =
        new EnergyFit(
            section.figureOrZero("perStep", Dimension.ENERGY),
            section.figure("perToken", Dimension.ENERGY));
    section.finish();
    return energy;
  }

  private static @Nullable TokenPrice price(@Nullable Section section) {
    if (section == null) {
      return null;
    }
    TokenPrice price =
        new TokenPrice(
            section.figureOrZero("input", Dimension.TOKEN_PRICE),
            section.figureOrZero("output", Dimension.TOKEN_PRICE));
    section.finish();
    return price;
  }

  /** All figures of the line itself. */
  List<Figure> figures() {
    List<Figure> figures = new ArrayList<>();
    if (known.fit() != null) {
      Fit fit = known.fit();
      figures.addAll(List.of(fit.step(), fit.perSequence(), fit.context()));
    }
    if (known.energy() != null) {
      figures.addAll(List.of(known.energy().perStep(), known.energy().perToken()));
    }
    if (known.token() != null) {
      figures.add(known.token());
    }
    if (known.price() != null) {
      figures.addAll(List.of(known.price().input(), known.price().output()));
    }
    if (known.context() != null) {
      figures.add(known.context());
    }
    return figures;
  }
}
