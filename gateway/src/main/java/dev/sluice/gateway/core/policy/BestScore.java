package dev.sluice.gateway.core.policy;

import java.util.random.RandomGenerator;

/** A rule whose choice is the candidate with the best score; chance decides among equals. */
abstract class BestScore implements RoutingPolicy {

  @Override
  public abstract double score(Candidates candidates, int place);

  @Override
  public int choose(Candidates candidates, RandomGenerator random) {
    int best = 0;
    double most = score(candidates, 0);
    int equals = 1;
    for (int place = 1; place < candidates.size(); place++) {
      double score = score(candidates, place);
      if (score > most) {
        best = place;
        most = score;
        equals = 1;
      } else if (score == most && random.nextInt(++equals) == 0) {
        best = place;
      }
    }
    return best;
  }
}
