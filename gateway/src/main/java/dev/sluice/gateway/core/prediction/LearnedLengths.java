package dev.sluice.gateway.core.prediction;

import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.LengthKey;
import dev.sluice.gateway.core.request.Lengths;
import dev.sluice.gateway.core.request.Model;
import dev.sluice.gateway.core.request.OutputLength;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lengths as a {@link LengthBook} knew them at one time. Immutable. */
final class LearnedLengths implements Lengths {

  /** Nothing was learned. */
  static final LearnedLengths NOTHING = new LearnedLengths(new LinkedHashMap<>());

  private final Map<LengthKey, double[]> points;

  /** The lengths {@code points}, which are not copied. */
  LearnedLengths(Map<LengthKey, double[]> points) {
    this.points = points;
  }

  double @Nullable [] points(LengthKey key) {
    return points.get(key);
  }

  @Override
  public OutputLength of(InferenceRequest request, Model model, int most) {
    if (request.size().expectedOutputTokens() > 0) {
      return Lengths.UNLEARNED.of(request, model, most);
    }
    LengthKey key = LengthKey.of(request.constraints().tenant(), model.name(), most);
    double[] learned = points.get(key);
    if (learned == null) {
      learned = points.get(key.ofAnyTenant());
    }
    if (learned == null) {
      learned = points.get(key.ofAnyLimit());
    }
    return learned == null
        ? Lengths.UNLEARNED.of(request, model, most)
        : OutputLength.of(most, learned);
  }
}
