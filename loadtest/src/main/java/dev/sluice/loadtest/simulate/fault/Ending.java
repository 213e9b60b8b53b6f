package dev.sluice.loadtest.simulate.fault;

import dev.sluice.gateway.core.attempt.AttemptEvent.Again;
import dev.sluice.gateway.core.request.Reason;

/** How a stream ends irregularly, and what the gateway makes of it. */
enum Ending {
  /** Nobody could be reached; no work was done. */
  NEVER_SENT(Reason.BACKEND_UNREACHABLE, Again.ELSEWHERE),
  /** The connection or the process broke. */
  BROKE(Reason.BACKEND_UNREACHABLE, Again.ELSEWHERE),
  /** The backend has all it can hold, or takes nothing new. */
  OVERLOADED(Reason.OVERLOADED, Again.ELSEWHERE),
  /** The request is wrong, for every backend. */
  INVALID(Reason.MALFORMED_REQUEST, Again.NEVER),
  /** What came can not be read, or an end without its account. */
  GARBAGE(Reason.BACKEND_PROTOCOL_ERROR, Again.ELSEWHERE);

  private final Reason reason;
  private final Again again;

  Ending(Reason reason, Again again) {
    this.reason = reason;
    this.again = again;
  }

  Reason reason() {
    return reason;
  }

  Again again() {
    return again;
  }
}
