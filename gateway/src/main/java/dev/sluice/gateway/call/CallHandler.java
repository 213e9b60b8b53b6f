package dev.sluice.gateway.call;

import dev.sluice.gateway.core.request.Failure;

/** What the transport hands each call to. Methods neither throw nor block. */
public interface CallHandler {

  /** Takes charge of {@code call}: from here on exactly one end is reported to it. */
  void handle(InboundCall call);

  /**
   * Hears of a call that arrived at {@code arrivalNanos}, cannot be read and is being answered with
   * {@code failure}.
   */
  void unreadable(Failure failure, long arrivalNanos);
}
