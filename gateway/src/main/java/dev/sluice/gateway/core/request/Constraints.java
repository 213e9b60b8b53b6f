package dev.sluice.gateway.core.request;

import java.util.List;

/**
 * What a deployment must satisfy to be asked at all.
 *
 * @param regions regions in which the prompt may be processed; empty: any
 * @param maxCostUsd greatest estimated cost; infinite: any
 * @param tenant on whose behalf it is asked; empty: not said
 */
public record Constraints(List<String> regions, double maxCostUsd, String tenant) {

  /** No constraint. */
  public static final Constraints NONE = new Constraints(List.of(), Double.POSITIVE_INFINITY, "");

  public Constraints {
    regions = List.copyOf(regions);
    if (!(maxCostUsd > 0)) {
      throw new IllegalArgumentException("maxCostUsd: " + maxCostUsd + " (expected: > 0)");
    }
  }

  /** Constraints of a tenant that is not said. */
  public Constraints(List<String> regions, double maxCostUsd) {
    this(regions, maxCostUsd, "");
  }
}
