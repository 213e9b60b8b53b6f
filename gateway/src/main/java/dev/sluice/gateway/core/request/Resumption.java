package dev.sluice.gateway.core.request;

/** Which continuations a caller takes for an answer that broke off. */
public enum Resumption {
  /** None: it ends with STREAM_INTERRUPTED. */
  NEVER,
  /** Only one that is token for token what the answer would have been. The default. */
  EXACT,
  /** Also one that is another text from there on. */
  PLAUSIBLE
}
