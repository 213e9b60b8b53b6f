package dev.sluice.backends.profile;

import java.time.YearMonth;
import java.util.List;

/**
 * Where a figure comes from.
 *
 * @param source what was read or calculated, for a person
 * @param confidence how much it can be relied on
 * @param date month of publication, or in which it was read
 */
record Provenance(String source, Confidence confidence, YearMonth date) {

  Provenance {
    if (source.isBlank()) {
      throw new IllegalArgumentException("source: blank (expected: what was read)");
    }
  }

  /** Of a figure calculated from {@code inputs}: as weak as the weakest, as old as the oldest. */
  static Provenance derived(String how, List<Figure> inputs) {
    Confidence confidence = Confidence.DERIVED;
    YearMonth date = inputs.getFirst().provenance().date();
    for (Figure input : inputs) {
      Provenance from = input.provenance();
      confidence = confidence.atMost(from.confidence());
      date = from.date().isBefore(date) ? from.date() : date;
    }
    return new Provenance(how, confidence, date);
  }

  /** The same with no more confidence than {@code limit}. */
  Provenance atMost(Confidence limit) {
    return new Provenance(source, confidence.atMost(limit), date);
  }
}
