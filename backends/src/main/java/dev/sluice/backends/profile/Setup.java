package dev.sluice.backends.profile;

import java.util.ArrayList;
import java.util.List;

/**
 * A model on a number of devices in a precision.
 *
 * @param where file and name of the deployment, for error messages
 * @param engine what the software adds
 * @param hardware one device
 * @param devices how many of them work together
 * @param model what runs
 * @param precision of its weights
 */
record Setup(
    String where, Engine engine, Hardware hardware, int devices, Model model, Precision precision) {

  /**
   * Fewest key-value tokens with which a deployment makes sense: one conversation of usual length.
   * Chosen without measurement; with less, weights technically fit but nothing can be served.
   */
  private static final int LEAST_KV_TOKENS = 4096;

  Setup {
    Checks.atLeast("devices", devices, 1);
  }

  /**
   * Tokens for which the memory has room beside the weights.
   *
   * @throws CatalogueException if the model does not fit
   */
  long kvTokens() {
    double free = usableBytes() - model.weightBytes(precision);
    double tokens = free / model.kvPerToken().base();
    if (tokens < LEAST_KV_TOKENS) {
      throw doesNotFit();
    }
    return (long) tokens;
  }

  private CatalogueException doesNotFit() {
    double weights = model.weightBytes(precision);
    double needed = weights + LEAST_KV_TOKENS * model.kvPerToken().base();
    double perDevice = usableBytes() / devices;
    return new CatalogueException(
        where + " devices",
        String.valueOf(devices),
        "at least %d, because %s in %s weighs %.1f GB and one %s has room for %.2f GB"
            .formatted(
                (long) Math.ceil(needed / perDevice),
                model.id(),
                precision.id(),
                weights / 1e9,
                hardware.id(),
                perDevice / 1e9));
  }

  /** A slot engine lays out its memory when it is compiled; a batching engine keeps a reserve. */
  private double usableBytes() {
    double share =
        switch (hardware.pace()) {
          case Hardware.BatchPace _ -> engine.memory().share().base();
          case Hardware.SlotPace _ -> 1;
        };
    return devices * hardware.memory().base() * share;
  }

  /** Watts of all devices at full load. */
  double watts() {
    return devices * hardware.supply().power().base();
  }

  /** All figures of hardware, model and precision, and those of the engine that matter here. */
  List<Figure> figures() {
    List<Figure> figures = new ArrayList<>(hardware.figures());
    figures.addAll(model.figures());
    figures.addAll(precision.figures());
    figures.addAll(
        switch (hardware.pace()) {
          case Hardware.BatchPace _ -> engine.batchFigures();
          case Hardware.SlotPace _ -> engine.slotFigures();
        });
    return figures;
  }
}
