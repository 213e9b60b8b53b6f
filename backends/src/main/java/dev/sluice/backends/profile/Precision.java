package dev.sluice.backends.profile;

import dev.sluice.backends.profile.Unit.Dimension;
import java.util.List;

/**
 * How weights are stored and multiplied.
 *
 * @param id such as {@code bf16}
 * @param bytes of one parameter in a routed expert
 * @param denseBytes of one parameter elsewhere
 * @param factor on the efficiency with which weights are read
 * @param limit of that efficiency
 * @param eightBit 1 where the arithmetic has eight bits, 0 where it has sixteen
 */
record Precision(
    String id, Figure bytes, Figure denseBytes, Figure factor, Figure limit, Figure eightBit) {

  static Precision read(Section section) {
    Precision precision =
        new Precision(
            section.name(),
            section.figure("bytes", Dimension.BYTES),
            section.figure("denseBytes", Dimension.BYTES),
            section.figure("factor", Dimension.NUMBER),
            section.figure("limit", Dimension.NUMBER),
            section.figureOrZero("eightBit", Dimension.NUMBER));
    section.finish();
    return precision;
  }

  List<Figure> figures() {
    return List.of(bytes, denseBytes, factor, limit, eightBit);
  }
}
