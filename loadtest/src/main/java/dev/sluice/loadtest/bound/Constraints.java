package dev.sluice.loadtest.bound;

import java.util.List;

/**
 * The constraints of each pool, numbered through: one for every {@link Sharing} that it has, in
 * every time bucket.
 */
final class Constraints {

  private final int[] first;
  private final double[] replicas;
  private final int mostOfOnePool;

  Constraints(List<BoundPool> pools) {
    first = new int[pools.size() + 1];
    int most = 0;
    for (int pool = 0; pool < pools.size(); pool++) {
      int ways = Sharing.of(pools.get(pool).service()).size();
      most = Math.max(most, ways);
      first[pool + 1] = first[pool] + ways;
    }
    mostOfOnePool = most;
    replicas = new double[size()];
    for (int pool = 0; pool < pools.size(); pool++) {
      for (int i = first[pool]; i < first[pool + 1]; i++) {
        replicas[i] = pools.get(pool).replicas();
      }
    }
  }

  /** Number of the first constraint of {@code pool}; those of the last pool end before size. */
  int first(int pool) {
    return first[pool];
  }

  int ofPool(int pool) {
    return first[pool + 1] - first[pool];
  }

  int mostOfOnePool() {
    return mostOfOnePool;
  }

  int size() {
    return first[first.length - 1];
  }

  /** Engine seconds a second that {@code constraint} allows. */
  double replicas(int constraint) {
    return replicas[constraint];
  }
}
