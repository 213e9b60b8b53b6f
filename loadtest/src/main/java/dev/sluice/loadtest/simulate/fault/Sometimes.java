package dev.sluice.loadtest.simulate.fault;

/** What must happen at times, or the seeds prove nothing about it. */
public enum Sometimes {
  /** A process died before it had said a token of some answer. */
  KILLED_BEFORE_THE_FIRST_TOKEN,
  /** A process died in the middle of some answer. */
  KILLED_MID_STREAM,
  /** A process died that had been asked to go on with some answer. */
  KILLED_WHILE_RESUMING,
  /** One stream broke off. */
  RESET,
  /** One stream fell silent. */
  STALLED,
  /** A whole backend was frozen and went on later. */
  FROZEN,
  /** What was under way came late, both ways. */
  HELD_UP,
  /** What was under way was lost, both ways. */
  HALF_OPEN,
  /** A backend became slow. */
  SLOW,
  /** A backend let nobody connect. */
  REFUSED,
  /** A backend came and went. */
  FLAPPED,
  /** A backend took nothing new. */
  BACKEND_DRAINED,
  /** A backend had all it can hold. */
  BACKEND_FULL,
  /** A backend lied about its load. */
  LIED,
  /** What came could not be read. */
  GARBAGE,
  /** Tokens came again. */
  DUPLICATED,
  /** Tokens were left out. */
  SKIPPED,
  /** An answer ended before its end, with a true account. */
  CUT_SHORT,
  /** An answer ended before its end, without an account. */
  ENDED_WITHOUT_ACCOUNT,
  /** A stream went on after its end. */
  ENDED_TWICE,
  /** A backend did not take an answer that another had begun. */
  CONTINUATION_REJECTED,
  /** A request was wrong for every backend. */
  REQUEST_REJECTED,
  /** The gateway was paused and went on later. */
  GATEWAY_PAUSED,
  /** The gateway took nothing new. */
  GATEWAY_DRAINED,
  /** The gateway got another policy. */
  POLICY_CHANGED,
  /** A caller left before the first token. */
  LEFT_BEFORE_THE_FIRST_TOKEN,
  /** A caller left in the middle of the answer. */
  LEFT_MID_STREAM,
  /** A caller left while his request waited for a place. */
  LEFT_WHILE_WAITING,

  /** A failed attempt was made again elsewhere. */
  RETRIED,
  /** A silent backend was left for another. */
  FAILED_OVER,
  /** A second attempt was made beside the first. */
  HEDGED,
  /** It spoke first. */
  HEDGE_WON,
  /** The first attempt spoke first after all. */
  HEDGE_LOST,
  /** An answer was asked for of which the caller had the beginning from elsewhere. */
  BEGUN_ELSEWHERE,
  /** An answer was continued. */
  RESUMED_ONCE,
  /** An answer was continued twice. */
  RESUMED_TWICE,
  /** An answer of which nothing lacked but its end was continued. */
  RESUMED_AT_ITS_END,
  /** An answer was continued in other words. */
  RESUMED_IN_OTHER_WORDS,
  /** A continued answer became complete. */
  RESUMED_AND_COMPLETED,
  /** An answer broke off more often than it may be continued. */
  RESUMED_OFTEN_ENOUGH,
  /** An answer broke off of a caller who takes no continuation. */
  NEVER_RESUMED,
  /** A further attempt was wanted, and there was no permit. */
  NO_PERMIT,
  /** A further attempt was wanted, and there was nobody to ask. */
  NOBODY_ELSE,
  /** A backend was given up since it had been silent for too long. */
  STALL_FOUND,
  /** Tokens were dropped that the caller had. */
  DUPLICATE_DROPPED,
  /** Tokens were dropped of an attempt that had been given up. */
  LATE_DROPPED,
  /** Tokens were left out, and that was found. */
  GAP_FOUND,
  /** An answer was shorter than its account, and that was found. */
  SHORT_ANSWER_FOUND,
  /** A request ended with its deadline. */
  DEADLINE_PASSED,
  /** A request waited for a place. */
  WAITED,
  /** A request was ended since its caller had left. */
  CANCELLED,
  /** A caller was told that his answer had been interrupted. */
  INTERRUPTED,
  /** A request was refused. */
  TURNED_AWAY
}
