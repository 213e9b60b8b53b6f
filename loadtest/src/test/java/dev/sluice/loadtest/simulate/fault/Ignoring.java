package dev.sluice.loadtest.simulate.fault;

import dev.sluice.loadtest.simulate.Progress;

/** Does not want to know how far it is. */
enum Ignoring implements Progress {
  INSTANCE;

  @Override
  public void played(int count) {}

  @Override
  public void runFinished() {}
}
