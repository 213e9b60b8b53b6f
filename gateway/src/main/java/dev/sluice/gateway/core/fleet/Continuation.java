package dev.sluice.gateway.core.fleet;

import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Resumption;

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
  EXACT;

  /**
   * What it must be worth at whoever serves {@code request}, or what is left of it. An answer from
   * its beginning anybody may give; of one that was begun, another text is a continuation only to a
   * caller that says so.
   */
  public static Continuation leastFor(AdmittedRequest request) {
    if (request.begunTokens() == 0) {
      return NONE;
    }
    return request.resumption() == Resumption.PLAUSIBLE ? PLAUSIBLE : EXACT;
  }
}
