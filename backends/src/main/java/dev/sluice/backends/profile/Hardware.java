package dev.sluice.backends.profile;

import dev.sluice.backends.profile.Unit.Dimension;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One device of a kind of hardware.
 *
 * @param id such as {@code h100}
 * @param kind kind of hardware
 * @param vendor who makes it
 * @param memory for weights and key-value cache
 * @param bandwidth of that memory
 * @param supply what it draws, costs and adds
 * @param pace how fast it works
 */
record Hardware(
    String id,
    AcceleratorKind kind,
    String vendor,
    Figure memory,
    Figure bandwidth,
    Supply supply,
    Pace pace) {

  /**
   * What a device draws and costs, and what its service adds.
   *
   * @param power at full load
   * @param price rent of one device; null where only tokens are sold
   * @param overhead added to a first token whatever the load
   */
  record Supply(Figure power, @Nullable Figure price, Figure overhead) {}

  /** How fast a device works. */
  sealed interface Pace {}

  /**
   * In steps shared by a batch.
   *
   * @param fp16 dense peak with 16 bits
   * @param eightBit dense peak with 8 bits; null: cannot
   * @param link rate to its peers, both directions together; null: stands alone
   * @param weightEfficiency share of the bandwidth reached when weights of 16 bits are read
   * @param computeEfficiency share of the peak reached
   */
  record BatchPace(
      Figure fp16,
      @Nullable Figure eightBit,
      @Nullable Figure link,
      Figure weightEfficiency,
      Figure computeEfficiency)
      implements Pace {}

  /**
   * In slots that do not feel each other.
   *
   * @param layer time of a token in one layer
   * @param hop time to cross from one device to the next
   * @param prompt time of one token of a prompt
   * @param slots sequences served at once, as far as memory allows
   */
  record SlotPace(Figure layer, Figure hop, Figure prompt, Figure slots) implements Pace {}

  static Hardware read(String id, Section section) {
    Hardware hardware =
        new Hardware(
            id,
            section.oneOf("kind", AcceleratorKind.class),
            section.text("vendor"),
            section.figure("memory", Dimension.BYTES),
            section.figure("bandwidth", Dimension.BANDWIDTH),
            new Supply(
                section.figure("power", Dimension.POWER),
                section.optionalFigure("price", Dimension.RENT),
                section.figure("overhead", Dimension.TIME)),
            section.has("layer") ? slotPace(section) : batchPace(section));
    section.finish();
    return hardware;
  }

  private static BatchPace batchPace(Section section) {
    return new BatchPace(
        section.figure("fp16", Dimension.COMPUTE),
        section.optionalFigure("eightBit", Dimension.COMPUTE),
        section.optionalFigure("link", Dimension.BANDWIDTH),
        section.figure("weightEfficiency", Dimension.NUMBER),
        section.figure("computeEfficiency", Dimension.NUMBER));
  }

  private static SlotPace slotPace(Section section) {
    return new SlotPace(
        section.figure("layer", Dimension.TIME),
        section.figureOrZero("hop", Dimension.TIME),
        section.figure("prompt", Dimension.TIME),
        section.figure("slots", Dimension.NUMBER));
  }

  /** All figures of the device. */
  List<Figure> figures() {
    List<Figure> figures = new ArrayList<>(List.of(memory, bandwidth));
    switch (pace) {
      case BatchPace batch -> {
        figures.add(batch.fp16());
        addIfThere(figures, batch.eightBit());
        addIfThere(figures, batch.link());
        figures.add(batch.weightEfficiency());
        figures.add(batch.computeEfficiency());
      }
      case SlotPace slot ->
          figures.addAll(List.of(slot.layer(), slot.hop(), slot.prompt(), slot.slots()));
    }
    figures.add(supply.power());
    addIfThere(figures, supply.price());
    figures.add(supply.overhead());
    return figures;
  }

  private static void addIfThere(List<Figure> figures, @Nullable Figure figure) {
    if (figure != null) {
      figures.add(figure);
    }
  }
}
