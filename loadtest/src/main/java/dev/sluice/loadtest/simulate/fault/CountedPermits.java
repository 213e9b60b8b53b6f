package dev.sluice.loadtest.simulate.fault;

import dev.sluice.gateway.core.attempt.Permits;

/** The permits of a model as one request gets them, counted. */
record CountedPermits(ModelPermits shared, GatewayBooks books, Witness witness) implements Permits {

  @Override
  public boolean tryTake(long nowNanos) {
    return counted(shared.tryTake(nowNanos));
  }

  @Override
  public boolean tryBorrow(long nowNanos) {
    return counted(shared.tryBorrow(nowNanos));
  }

  @Override
  public void giveBack() {
    shared.giveBack();
  }

  private boolean counted(boolean granted) {
    books.permits += granted ? 1 : 0;
    witness.asked(granted);
    return granted;
  }
}
