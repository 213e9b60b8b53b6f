package dev.sluice.loadtest.report;

import java.util.List;

/** Whether a run may be believed; if not, every cause. */
public record Verdict(List<String> causes) {
  public Verdict {
    causes = List.copyOf(causes);
  }

  /** Whether nothing speaks against the run. */
  public boolean valid() {
    return causes.isEmpty();
  }

  /** {@code VALID} or {@code INVALID}. */
  @Override
  public String toString() {
    return valid() ? "VALID" : "INVALID";
  }
}
