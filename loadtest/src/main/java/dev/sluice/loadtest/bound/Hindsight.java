package dev.sluice.loadtest.bound;

import java.util.List;

/**
 * What the search for a lower bound begins with.
 *
 * @param evaluator serves the requests
 * @param starts assignments to begin from, such as those of policies; may be empty
 * @param evaluations how often the evaluator may be asked, the starts included
 * @param seed of the search's chance
 */
public record Hindsight(Evaluator evaluator, List<int[]> starts, int evaluations, long seed) {

  public Hindsight {
    starts = List.copyOf(starts);
    if (evaluations < 1 + starts.size()) {
      throw new IllegalArgumentException(
          "evaluations: %d (expected: >= %d, more than starts)"
              .formatted(evaluations, 1 + starts.size()));
    }
  }
}
