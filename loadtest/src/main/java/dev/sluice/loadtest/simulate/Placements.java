package dev.sluice.loadtest.simulate;

import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.loadtest.report.Outcome;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Which deployment answered which request: the one thing of a run that grows with its length. */
final class Placements {

  private static final int NOBODY = -1;
  private static final int FIRST_ROOM = 1024;

  private int[] deployments = new int[FIRST_ROOM];
  private int size;

  void add(FinishedRequest finished) {
    int id = Math.toIntExact(finished.arrival().id());
    while (id >= deployments.length) {
      deployments = Arrays.copyOf(deployments, 2 * deployments.length);
    }
    if (id >= size) {
      Arrays.fill(deployments, size, id + 1, NOBODY);
      size = id + 1;
    }
    @Nullable Deployment deployment = finished.deployment();
    boolean answered = finished.ending().outcome() == Outcome.COMPLETED;
    deployments[id] = deployment != null && answered ? deployment.index() : NOBODY;
  }

  /** Index of the deployment that answered each request; -1: nobody did. */
  int[] byRequest() {
    return Arrays.copyOf(deployments, size);
  }
}
