package dev.sluice.loadtest.workload;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts what becomes of the rows of a trace while it is read. */
final class Tally {
  private final List<String> drops = new ArrayList<>();
  private final Map<String, Integer> reasons = new LinkedHashMap<>();
  private int read;
  private int dropped;
  private int reordered;
  private int raised;
  private int aboveContext;

  void read() {
    read = Math.incrementExact(read);
  }

  /** A row that cannot be sent. */
  void drop(String place, String kind, String detail) {
    dropped++;
    reasons.merge(kind, 1, Integer::sum);
    if (drops.size() < TraceSummary.Rows.MAX_DROPS_TOLD) {
      drops.add(place + ": " + kind + ": " + detail);
    }
  }

  /** A row that came after later ones and has been put in its place. */
  void reorder() {
    reordered++;
  }

  /** An answer without tokens that is sent as one of a single token. */
  void raise() {
    raised++;
  }

  /** A row whose prompt and answer exceed the given context. */
  void exceedContext() {
    aboveContext++;
  }

  TraceSummary.Rows rows() {
    return new TraceSummary.Rows(read, dropped, drops, reasons, reordered, raised, aboveContext);
  }
}
