package dev.sluice.backends;

/**
 * What a backend's continuation of an answer that another backend began is worth, the least first.
 */
public enum Continuation {
  /** It can not go on where another stopped. */
  NONE,
  /** Fluent, but another text than the one that broke off would have become. */
  PLAUSIBLE,
  /** Token for token what the answer would have been without the break. */
  EXACT
}
