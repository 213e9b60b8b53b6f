package dev.sluice.loadtest.simulate;

import dev.sluice.loadtest.report.PolicyResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What came of one run.
 *
 * @param result its figures
 * @param refusals who was not answered, and why
 * @param served who did
 * @param energy what the fleet used
 * @param timeline what became of drawn requests over time; null: they were not drawn
 * @param placements who answered which request; null: nobody asked for that
 */
public record TrialResult(
    PolicyResult result,
    Refusals refusals,
    Served served,
    Energy energy,
    @Nullable Timeline timeline,
    @Nullable Placements placements) {

  /** What became of drawn requests over time. */
  Timeline drawn() {
    return Objects.requireNonNull(timeline, "timeline: none (expected: of drawn requests)");
  }

  /** What the table of figures does not tell, in lines. */
  public List<String> notes() {
    List<String> lines = new ArrayList<>();
    lines.add(result.run() + ": " + energy.describe());
    for (String line : refusals.describe()) {
      lines.add("  " + line);
    }
    return lines;
  }
}
