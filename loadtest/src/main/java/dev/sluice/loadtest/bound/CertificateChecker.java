package dev.sluice.loadtest.bound;

/**
 * Recomputes the bound that prices prove, by the definition: {@code Σ price·replicas·seconds} plus,
 * for every request, the most that a pool leaves of its value after its work at the cheapest prices
 * of its windows. Only the needs of a request are shared with the search for the prices.
 */
public final class CertificateChecker {

  private CertificateChecker() {}

  /** The upper value that the prices of {@code certificate} prove for {@code problem}. */
  public static double upperValue(BoundProblem problem, Certificate certificate) {
    double upper = 0;
    for (int pool = 0; pool < problem.pools().size(); pool++) {
      double seconds = problem.pools().get(pool).replicas() * certificate.bucketNanos() / 1e9;
      for (int bucket = 0; bucket < certificate.buckets(); bucket++) {
        upper += certificate.price(pool, bucket) * seconds;
      }
    }
    for (int request = 0; request < problem.size(); request++) {
      double most = 0;
      for (int pool : problem.choices(request)) {
        most = Math.max(most, rest(problem, certificate, request, pool));
      }
      upper += most;
    }
    return upper;
  }

  private static double rest(BoundProblem problem, Certificate certificate, int request, int pool) {
    Need need = new Need(certificate.ways(pool));
    if (!PoolNeeds.of(problem.pools().get(pool)).measure(problem, request, need)) {
      return 0;
    }
    double rest = problem.value(request);
    for (int way = 0; way < certificate.ways(pool); way++) {
      rest -=
          need.promptSeconds[way]
              * cheapest(certificate, pool, way, need.promptFromNanos, need.promptUntilNanos);
      rest -=
          need.answerSeconds[way]
              * cheapest(certificate, pool, way, need.answerFromNanos, need.answerUntilNanos);
    }
    return rest;
  }

  private static double cheapest(
      Certificate certificate, int pool, int way, long fromNanos, long untilNanos) {
    long length = certificate.bucketNanos();
    long until = Math.max(fromNanos + 1, untilNanos);
    double least = until > length * certificate.buckets() ? 0 : Double.POSITIVE_INFINITY;
    for (int bucket = 0; bucket < certificate.buckets(); bucket++) {
      if (bucket * length < until && (bucket + 1) * length > fromNanos) {
        least = Math.min(least, certificate.price(pool, way, bucket));
      }
    }
    return least;
  }
}
