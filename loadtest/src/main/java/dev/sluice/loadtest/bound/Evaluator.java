package dev.sluice.loadtest.bound;

/** Serves the requests of a problem as it is told, and says what came of it. Deterministic. */
public interface Evaluator {

  /** Number of deployments, each one replica of a pool. */
  int deployments();

  /** Index of the pool that {@code deployment} belongs to. */
  int pool(int deployment);

  /**
   * Serves every request where it was sent.
   *
   * @param assignment deployment of each request; -1: refused. Not kept
   */
  Attainment evaluate(int[] assignment);
}
