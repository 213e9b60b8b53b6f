package dev.sluice.gateway.core.selection;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What holds for the site as a whole, whatever a request asks for. Both are hard: where a cap
 * leaves nobody, the request is refused, even if a single vendor serves its model.
 *
 * @param vendorShares greatest share of the attempts of late, over all models, that hardware of a
 *     vendor may take, by name; who is not named is not limited
 * @param watts most that all deployments together may draw by estimate; infinite: no limit
 */
public record Caps(Map<String, Double> vendorShares, double watts) {

  /** No cap. */
  public static final Caps NONE = new Caps(new LinkedHashMap<>(), Double.POSITIVE_INFINITY);

  public Caps {
    vendorShares = Collections.unmodifiableMap(new LinkedHashMap<>(vendorShares));
    if (!(watts > 0)) {
      throw new IllegalArgumentException("watts: " + watts + " (expected: > 0)");
    }
    for (Map.Entry<String, Double> share : vendorShares.entrySet()) {
      if (!(share.getValue() > 0 && share.getValue() <= 1)) {
        throw new IllegalArgumentException(
            "vendorShares: " + share + " (expected: above 0, at most 1)");
      }
    }
  }

  /** Greatest share of {@code vendor}; 1 when it is not limited. */
  double vendorShare(String vendor) {
    return vendorShares.isEmpty() ? 1 : vendorShares.getOrDefault(vendor, 1.0);
  }
}
