package dev.sluice.loadtest.simulate.fault;

/** A promise that was not kept: what a seed is played for. */
final class BrokenPromise extends RuntimeException {

  private static final long serialVersionUID = 1;

  BrokenPromise(String message) {
    super(message);
  }
}
