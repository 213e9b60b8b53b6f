package dev.sluice.loadtest.live;

/** The target took no connection. */
public final class TargetUnreachableException extends Exception {
  TargetUnreachableException(String target) {
    super("target: " + target + " takes no connection (expected: a gRPC server, plaintext)");
  }
}
