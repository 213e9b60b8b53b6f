package dev.sluice.gateway.core.request;

/**
 * The catalogue of failure reasons. The names are stable: they go out as {@code
 * google.rpc.ErrorInfo.reason} and as metric labels. Which status each one becomes is decided by
 * the transport alone.
 */
public enum Reason {
  /** The request is not well formed. */
  MALFORMED_REQUEST(Category.CALLER),
  /** A budget is zero, negative, not a number, unreadable, or said twice differently. */
  BUDGET_INVALID(Category.CALLER),
  /** No backend could ever meet the budget, however idle. */
  BUDGET_BELOW_FLOOR(Category.CALLER),
  /** The request is well formed and asks for something that this gateway does not do. */
  UNSUPPORTED(Category.CALLER),
  /** No such model. */
  MODEL_NOT_FOUND(Category.CALLER),
  /** The request is larger than allowed. */
  MESSAGE_TOO_LARGE(Category.CALLER),
  /**
   * The tenant has used up what it may use, or takes more than its share while there is too little.
   */
  QUOTA_EXCEEDED(Category.CAPACITY),
  /** The gateway has as much work as it can hold. */
  OVERLOADED(Category.CAPACITY),
  /** No backend meets the budget now; one could when there is less load. */
  BUDGET_UNATTAINABLE(Category.CAPACITY),
  /** The gateway is shutting down. */
  DRAINING(Category.CAPACITY),
  /** No backend that may serve the request is there. */
  NO_BACKEND_AVAILABLE(Category.CAPACITY),
  /** The backend could not be reached, or broke before the first token. */
  BACKEND_UNREACHABLE(Category.BACKEND),
  /** The backend said nothing for too long. */
  BACKEND_STALLED(Category.BACKEND),
  /** The answer broke off after its first token. */
  STREAM_INTERRUPTED(Category.BACKEND),
  /** The backend broke its protocol. */
  BACKEND_PROTOCOL_ERROR(Category.BACKEND),
  /** The deadline passed. */
  DEADLINE_EXPIRED(Category.CALLER),
  /** The caller read nothing for too long. */
  CLIENT_TOO_SLOW(Category.CALLER),
  /** The caller went away. */
  CALLER_CANCELLED(Category.CALLER),
  /** A fault of the gateway itself. */
  INTERNAL(Category.INTERNAL);

  /** Whose matter a failure is. */
  public enum Category {
    /** The caller's: the same request will fail again. */
    CALLER,
    /** A want of capacity: it may pass. */
    CAPACITY,
    /** A backend's. */
    BACKEND,
    /** Ours. */
    INTERNAL
  }

  private final Category category;

  Reason(Category category) {
    this.category = category;
  }

  /** Whose matter it is. */
  public Category category() {
    return category;
  }
}
