package dev.sluice.backends.emulated;

import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.emulated.model.Engine;
import dev.sluice.backends.emulated.model.Sequence;
import java.util.List;

/** One request in an emulated engine. All methods are called on the clock's thread. */
interface Running {

  /** What the engine works on for it, at least one. */
  List<Sequence> sequences();

  /** Why it cannot be served, whatever the load; empty when it can. */
  String misfit();

  /** Hands over what is out and asked for; returns whether the request has ended. */
  boolean deliver(Engine engine);

  /** Whether its caller gave it up; the engine may still work on it. */
  boolean isCancelled();

  /** Whether the engine and the sink are done with it. */
  boolean hasEnded();

  /** Ends it irregularly, unless it has ended. */
  void fail(BackendFailure failure);
}
