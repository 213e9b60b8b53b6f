package dev.sluice.loadtest.simulate.fault;

/**
 * What is played with.
 *
 * @param attempts makes the machine for each request
 * @param audited whether the gateway's own audit watches it, beside the books
 */
record Rig(Attempts.Factory attempts, boolean audited) {

  /** What the gateway runs with. */
  static final Rig PRODUCTION = new Rig(Attempts::production, true);
}
