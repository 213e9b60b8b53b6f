package dev.sluice.backends;

/** Which continuations will do for an answer that breaks off. */
public enum Resumption {
  /** None. */
  NEVER,
  /** Only one that is token for token what the answer would have been. */
  EXACT,
  /** Also one that is another text from there on. */
  PLAUSIBLE
}
