package dev.sluice.loadtest.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Which share of the requests asks for which model. */
public record ModelMix(List<Share> shares) {

  /** A model and its weight, relative to the others; above zero. */
  public record Share(String model, double weight) {
    public Share {
      if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "weight of model " + model + ": " + weight + " (expected: above 0)");
      }
    }
  }

  public ModelMix {
    shares = List.copyOf(shares);
    if (shares.isEmpty()) {
      throw new IllegalArgumentException("models: none (expected: at least one)");
    }
    if (shares.stream().map(Share::model).distinct().count() < shares.size()) {
      throw new IllegalArgumentException("models: " + shares + " (expected: each model once)");
    }
  }

  /** All requests ask for {@code model}. */
  public static ModelMix of(String model) {
    return new ModelMix(List.of(new Share(model, 1)));
  }

  /** Reads {@code llama-3.3-70b=0.7,llama-3.1-8b=0.3}. */
  public static ModelMix parse(String text) {
    List<Share> shares = new ArrayList<>();
    for (String entry : List.of(text.split(",", -1))) {
      int equals = entry.lastIndexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("models: " + entry + " (expected: NAME=WEIGHT)");
      }
      shares.add(
          new Share(entry.substring(0, equals).strip(), weight(entry.substring(equals + 1))));
    }
    return new ModelMix(shares);
  }

  private static double weight(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException("models: weight " + text + " (expected: a number)");
    }
  }

  String draw(RandomGenerator random) {
    if (shares.size() == 1) {
      return shares.getFirst().model();
    }
    double total = 0;
    for (Share share : shares) {
      total += share.weight();
    }
    double point = random.nextDouble() * total;
    for (Share share : shares) {
      point -= share.weight();
      if (point < 0) {
        return share.model();
      }
    }
    return shares.getLast().model();
  }
}
