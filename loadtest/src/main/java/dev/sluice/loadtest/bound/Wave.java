package dev.sluice.loadtest.bound;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Very many moves at once, of which those that do not pay are taken back.
 *
 * @implNote A request that was moved answers for itself and for every other that misses on its new
 *     deployment, though it was met before, and arrived after it but before the next that was moved
 *     there. That is a guess, since delays are passed on; what stays is evaluated again, so that a
 *     wrong guess costs an evaluation and never makes the result wrong.
 */
final class Wave {

  /** How often moves are taken back. Later ones change little. */
  static final int MOST_REPAIRS = 3;

  /**
   * Share of the met requests that are moved, to make room where it is needed. On one trace 0.02
   * and 0.1 found more than 0 at one load, and about as much at twice the load.
   */
  private static final double SHAKEN_SHARE = 0.05;

  /** What a request served in vain costs: enough for it to be taken back. */
  private static final double IN_VAIN = 1e-9;

  private final BoundProblem problem;
  private final Places places;
  private final Trial before;

  /** The assignment that moves depart from. */
  private final int[] origin;

  private final boolean[] moved;
  private int[] assignment;

  /** A wave without moves that departs from {@code before}, with its missed requests refused. */
  Wave(BoundProblem problem, Places places, Trial before, int[] origin) {
    this.problem = problem;
    this.places = places;
    this.before = before;
    moved = new boolean[problem.size()];
    this.origin = origin;
    assignment = origin.clone();
  }

  int[] assignment() {
    return assignment;
  }

  /** Sends a share of the {@code missed} requests somewhere. */
  void serve(int[] missed, double share, RandomGenerator random) {
    for (int request : missed) {
      if (random.nextDouble() < share) {
        move(request, random);
      }
    }
  }

  /** Sends some of the met requests elsewhere. */
  void shake(RandomGenerator random) {
    for (int request = 0; request < assignment.length; request++) {
      boolean movable = before.attainment.met(request) && places.count(request) > 1;
      if (movable && random.nextDouble() < SHAKEN_SHARE) {
        move(request, random);
      }
    }
  }

  private void move(int request, RandomGenerator random) {
    int deployment = places.draw(request, random);
    moved[request] = deployment != assignment[request];
    assignment[request] = deployment;
  }

  /**
   * Takes back the moves that did not pay.
   *
   * @param after what came of {@link #assignment}
   * @return false if all moves paid
   */
  boolean repair(Trial after) {
    double[] gains = gains(after.attainment);
    boolean repaired = false;
    assignment = assignment.clone();
    for (int request = 0; request < assignment.length; request++) {
      if (moved[request] && gains[request] < 0) {
        moved[request] = false;
        assignment[request] = origin[request];
        repaired = true;
      }
    }
    return repaired;
  }

  private double[] gains(Attainment after) {
    double[] gains = new double[assignment.length];
    int[] latest = new int[places.deployments()];
    Arrays.fill(latest, -1);
    for (int request : places.byArrival()) {
      int deployment = assignment[request];
      if (deployment == Places.REFUSED) {
        continue;
      }
      double lost = before.attainment.met(request) ? problem.value(request) : 0;
      double won = after.met(request) ? problem.value(request) : 0;
      if (moved[request]) {
        latest[deployment] = request;
        gains[request] += won > 0 ? won - lost : -IN_VAIN - lost;
      } else if (latest[deployment] >= 0) {
        gains[latest[deployment]] += Math.min(0, won - lost);
      }
    }
    return gains;
  }
}
