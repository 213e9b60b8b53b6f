package dev.sluice.loadtest.simulate;

import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.loadtest.report.Outcome;
import java.util.SequencedMap;
import java.util.TreeMap;

/** Who served: answers by profile of the deployment, and the tokens that came. */
final class Served {

  private final SequencedMap<String, Long> byProfile = new TreeMap<>();
  private long completed;
  private long tokens;

  void add(FinishedRequest finished) {
    tokens += finished.answer().tokens();
    Deployment deployment = finished.deployment();
    if (deployment != null && finished.ending().outcome() == Outcome.COMPLETED) {
      completed++;
      byProfile.merge(deployment.identity().profile(), 1L, Long::sum);
    }
  }

  /** Output tokens of all answers, also of those that broke off. */
  long tokens() {
    return tokens;
  }

  /** Share of the answers that deployments of {@code profile} gave; 0 when there are none. */
  double share(String profile) {
    return completed == 0 ? 0 : (double) byProfile.getOrDefault(profile, 0L) / completed;
  }
}
