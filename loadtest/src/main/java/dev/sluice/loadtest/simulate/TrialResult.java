package dev.sluice.loadtest.simulate;

import dev.sluice.loadtest.report.PolicyResult;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of one run.
 *
 * @param result its figures
 * @param refusals who was not answered, and why
 * @param served who did
 * @param energy what the fleet used
 * @param placements who answered which request; null: nobody asked for that
 */
public record TrialResult(
    PolicyResult result,
    Refusals refusals,
    Served served,
    Energy energy,
    @Nullable Placements placements) {

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
