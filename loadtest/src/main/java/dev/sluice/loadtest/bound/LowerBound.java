package dev.sluice.loadtest.bound;

/** A way to serve the requests that was carried out: the optimum is at least what it attained. */
public final class LowerBound {

  private final int[] assignment;
  private final Attainment attainment;
  private final int evaluations;

  LowerBound(int[] assignment, Attainment attainment, int evaluations) {
    this.assignment = assignment.clone();
    this.attainment = attainment;
    this.evaluations = evaluations;
  }

  /** Deployment of each request; -1: refused. A copy. */
  public int[] assignment() {
    return assignment.clone();
  }

  /** What it attained. */
  public Attainment attainment() {
    return attainment;
  }

  /** How often the evaluator was asked. */
  public int evaluations() {
    return evaluations;
  }

  @Override
  public String toString() {
    return "LowerBound[" + attainment + " after " + evaluations + " evaluations]";
  }
}
