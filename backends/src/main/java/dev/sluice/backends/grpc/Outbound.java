package dev.sluice.backends.grpc;

import dev.sluice.backends.BackendCall;
import dev.sluice.backends.Generation;
import io.grpc.CallOptions;
import io.grpc.Context;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** How calls to backends are made, whatever they ask. */
public final class Outbound {

  private Outbound() {}

  /**
   * Options of a call that keeps the deadline of {@code terms} and is followed by {@code journey}.
   */
  public static CallOptions options(Journey journey, Generation.Terms terms) {
    CallOptions options = CallOptions.DEFAULT.withStreamTracerFactory(journey.factory());
    return terms.timeoutNanos() > 0
        ? options.withDeadlineAfter(terms.timeoutNanos(), TimeUnit.NANOSECONDS)
        : options;
  }

  /**
   * Starts a call that is no part of an inbound one, in which the caller may run: its deadline and
   * cancellation would end this one behind the caller's back.
   */
  public static BackendCall outsideOfTheInbound(Supplier<BackendCall> starting) {
    Context inbound = Context.ROOT.attach();
    try {
      return starting.get();
    } finally {
      Context.ROOT.detach(inbound);
    }
  }
}
