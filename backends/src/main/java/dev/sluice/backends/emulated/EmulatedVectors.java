package dev.sluice.backends.emulated;

import dev.sluice.backends.Prompt;
import dev.sluice.backends.Vectors;
import java.util.List;

/**
 * The vectors that every emulated accelerator makes of a text: of length 1, and a pure function of
 * model and text, whatever the hardware. They say nothing of the text's meaning.
 *
 * <p>Shorter vectors are the beginnings of the whole ones, made as long as 1 again, as those models
 * have it that can be cut.
 */
public final class EmulatedVectors {

  /** Increment of SplitMix64: 2^64 divided by the golden ratio. */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private EmulatedVectors() {}

  /** The vectors of {@code inputs}, with {@code dimensions} values each. */
  public static Vectors of(String model, List<? extends Prompt> inputs, int dimensions) {
    float[] values = new float[Math.multiplyExact(inputs.size(), dimensions)];
    for (int i = 0; i < inputs.size(); i++) {
      fill(values, i * dimensions, dimensions, key(model, inputs.get(i)));
    }
    return new Vectors(dimensions, values);
  }

  private static long key(String model, Prompt input) {
    PromptHash hash = new PromptHash();
    hash.text(model);
    hash.prompt(input);
    return hash.value();
  }

  private static void fill(float[] values, int from, int count, long key) {
    double squares = 0;
    for (int i = 0; i < count; i++) {
      long bits = PromptHash.mix(key + (i + 1L) * GOLDEN) >> 11;
      double value = (bits + 0.5) / (1L << 52); // never 0, so that there is a length
      values[from + i] = (float) value;
      squares += value * value;
    }
    double length = Math.sqrt(squares); // exact to the last bit on every machine
    for (int i = from; i < from + count; i++) {
      values[i] = (float) (values[i] / length);
    }
  }
}
