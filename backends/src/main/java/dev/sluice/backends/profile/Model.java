package dev.sluice.backends.profile;

import dev.sluice.backends.profile.Unit.Dimension;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model's size and shape.
 *
 * @param id such as {@code llama-3.3-70b}
 * @param size its parameters
 * @param layers number of layers
 * @param width of the hidden state
 * @param kvPerToken key-value cache of one token over all layers
 * @param context most tokens of prompt and answer together
 * @param dimensions length of the vectors that an embedding model makes; 0: it generates
 */
record Model(
    String id,
    Size size,
    Figure layers,
    Figure width,
    Figure kvPerToken,
    Figure context,
    int dimensions) {

  /**
   * How many parameters a model has.
   *
   * @param parameters all
   * @param active those used for one token
   * @param experts those of a mixture of experts; null: none
   */
  record Size(Figure parameters, Figure active, @Nullable Experts experts) {}

  /**
   * Routed experts, of which a step reads only those that one of its tokens chose: of E experts
   * with k a token, a batch of B touches the share {@code 1 − (1 − k/E)^B}. That curve is replaced
   * by its tangent at one batch, which is exact there and too slow elsewhere, most of all for a
   * lone sequence; a tangent never promises too much.
   *
   * @param parameters in routed experts, all layers
   * @param count E
   * @param perToken k
   * @param linearisedAt the batch of the tangent
   */
  record Experts(Figure parameters, Figure count, Figure perToken, Figure linearisedAt) {

    /** Share of the experts by which the tangent grows with each sequence. */
    double shareSlope() {
      return -StrictMath.log(untouchedByOne()) * untouched();
    }

    /** Share of the experts at which the tangent starts. */
    double shareIntercept() {
      return 1 - untouched() - shareSlope() * linearisedAt.base();
    }

    private double untouchedByOne() {
      return 1 - perToken.base() / count.base();
    }

    private double untouched() {
      return StrictMath.pow(untouchedByOne(), linearisedAt.base());
    }
  }

  static Model read(Section section) {
    Model model =
        new Model(
            section.name(),
            new Size(
                section.figure("parameters", Dimension.PARAMETERS),
                section.figure("active", Dimension.PARAMETERS),
                section.has("experts") ? experts(section.section("experts")) : null),
            section.figure("layers", Dimension.NUMBER),
            section.figure("width", Dimension.NUMBER),
            section.figure("kvPerToken", Dimension.BYTES),
            section.figure("context", Dimension.TOKENS),
            section.has("dimensions") ? section.wholeNumber("dimensions", 1) : 0);
    section.finish();
    return model;
  }

  private static Experts experts(Section section) {
    Experts experts =
        new Experts(
            section.figure("parameters", Dimension.PARAMETERS),
            section.figure("count", Dimension.NUMBER),
            section.figure("perToken", Dimension.NUMBER),
            section.figure("linearisedAt", Dimension.NUMBER));
    section.finish();
    return experts;
  }

  /** The same shape under another name. */
  Model named(String otherId) {
    return new Model(otherId, size, layers, width, kvPerToken, context, dimensions);
  }

  /** Parameters in routed experts. */
  double expertParameters() {
    return size.experts() == null ? 0 : size.experts().parameters().base();
  }

  /** Bytes of all weights. */
  double weightBytes(Precision precision) {
    return denseBytes(precision) + expertBytes(precision);
  }

  /** Bytes of the weights that every step reads. */
  double denseBytes(Precision precision) {
    return (size.parameters().base() - expertParameters()) * precision.denseBytes().base();
  }

  /** Bytes of the weights in routed experts. */
  double expertBytes(Precision precision) {
    return expertParameters() * precision.bytes().base();
  }

  /** All figures of the model. */
  List<Figure> figures() {
    List<Figure> figures =
        new ArrayList<>(
            List.of(size.parameters(), size.active(), layers, width, kvPerToken, context));
    if (size.experts() != null) {
      Experts experts = size.experts();
      figures.addAll(
          List.of(
              experts.parameters(), experts.count(), experts.perToken(), experts.linearisedAt()));
    }
    return figures;
  }
}
