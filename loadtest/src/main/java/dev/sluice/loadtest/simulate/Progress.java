package dev.sluice.loadtest.simulate;

/** Hears how far the runs are; may be told by several threads at once. */
public interface Progress {

  /** This many further requests have ended. */
  void played(int count);

  /** A run has ended. */
  void runFinished();
}
