package dev.sluice.gateway.core.request;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a deployment must satisfy to be asked at all.
 *
 * @param regions regions in which the prompt may be processed; empty: any
 * @param maxCostUsd greatest estimated cost; infinite: any
 * @param tenant on whose behalf it is asked; empty: not said
 * @param resumption which continuations will do should the answer break off; null: what the service
 *     class says
 * @param abilities what it must be able to do
 */
public record Constraints(
    List<String> regions,
    double maxCostUsd,
    String tenant,
    @Nullable Resumption resumption,
    Set<Ability> abilities) {

  private static final Set<Ability> WORDS =
      Collections.unmodifiableSet(EnumSet.noneOf(Ability.class));

  /** No constraint. */
  public static final Constraints NONE = new Constraints(List.of(), Double.POSITIVE_INFINITY, "");

  public Constraints {
    regions = List.copyOf(regions);
    abilities = Collections.unmodifiableSet(abilities);
    if (!(maxCostUsd > 0)) {
      throw new IllegalArgumentException("maxCostUsd: " + maxCostUsd + " (expected: > 0)");
    }
  }

  /** Constraints of a request that needs no more than words. */
  public Constraints(
      List<String> regions, double maxCostUsd, String tenant, @Nullable Resumption resumption) {
    this(regions, maxCostUsd, tenant, resumption, WORDS);
  }

  /** Constraints that leave continuations to the service class. */
  public Constraints(List<String> regions, double maxCostUsd, String tenant) {
    this(regions, maxCostUsd, tenant, null);
  }

  /** Constraints of a tenant that is not said. */
  public Constraints(List<String> regions, double maxCostUsd) {
    this(regions, maxCostUsd, "");
  }
}
