package dev.sluice.gateway.core.fleet;

/**
 * What a deployment's continuation of an answer that another began is worth, the least first. A
 * deployment declares it; the wire cannot tell.
 */
public enum Continuation {
  /** It can not go on where another stopped. */
  NONE,
  /** Fluent, but another text than the one that broke off would have become. */
  PLAUSIBLE,
  /** Token for token what the answer would have been without the break. */
  EXACT
}
