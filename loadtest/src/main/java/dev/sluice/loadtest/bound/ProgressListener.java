package dev.sluice.loadtest.bound;

/** Is told how far the search for a bracket is. */
@FunctionalInterface
public interface ProgressListener {

  /** Hears nothing. */
  ProgressListener NONE = (_, _, _) -> {};

  /**
   * Tells of progress.
   *
   * @param doneRatio share of the work that is done, of the half that is being done
   * @param upperValue best upper bound so far
   * @param lowerValue best attained value so far; 0 before the search for it begins
   */
  void progress(double doneRatio, double upperValue, double lowerValue);
}
