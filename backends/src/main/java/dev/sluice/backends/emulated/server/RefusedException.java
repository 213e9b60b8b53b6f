package dev.sluice.backends.emulated.server;

/** A request cannot be served as it stands. */
final class RefusedException extends Exception {

  private final Refusal refusal;

  RefusedException(Refusal refusal) {
    super(
        refusal.message(), null, false, false); // the answer names the fault; nobody needs a stack
    this.refusal = refusal;
  }

  Refusal refusal() {
    return refusal;
  }
}
