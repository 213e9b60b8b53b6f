package dev.sluice.loadtest.bound;

/**
 * Prices that prove an upper bound: no way to serve the problem's requests, even with the future
 * known, meets budgets worth more than {@link #upperValue}. Whoever doubts it recomputes the value
 * from the prices, which takes plain arithmetic and no trust in how they were found.
 */
public final class Certificate {

  private final Grid grid;
  private final Constraints constraints;
  private final double[][] prices;
  private final double upperValue;
  private final double upperRatio;

  Certificate(
      Grid grid, Constraints constraints, double[][] prices, double upperValue, double totalValue) {
    this.grid = grid;
    this.constraints = constraints;
    this.prices = prices;
    this.upperValue = upperValue;
    this.upperRatio = upperValue / totalValue;
  }

  /** Most value that any schedule attains. */
  public double upperValue() {
    return upperValue;
  }

  /** {@link #upperValue} as a share of the value of all requests. */
  public double upperRatio() {
    return upperRatio;
  }

  /** Length of a time bucket. */
  public long bucketNanos() {
    return grid.bucketNanos();
  }

  /** Number of time buckets, from the start of the run on; later time is free. */
  public int buckets() {
    return grid.buckets();
  }

  /** What an engine second of {@code pool} is worth in {@code bucket}. */
  public double price(int pool, int bucket) {
    double sum = 0;
    for (int way = 0; way < constraints.ofPool(pool); way++) {
      sum += price(pool, way, bucket);
    }
    return sum;
  }

  double price(int pool, int way, int bucket) {
    return prices[constraints.first(pool) + way][bucket];
  }

  int ways(int pool) {
    return constraints.ofPool(pool);
  }

  /** The least share of the optimum that {@code attainedValue} is: the true one may be higher. */
  public double leastShareOfOptimum(double attainedValue) {
    return attainedValue / upperValue;
  }

  @Override
  public String toString() {
    return "Certificate[at most %.2f, %.2f %% of the value, %d buckets of %.3f s]"
        .formatted(upperValue, 100 * upperRatio, grid.buckets(), grid.bucketSeconds());
  }
}
