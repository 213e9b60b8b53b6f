package dev.sluice.backends.openai;

import org.jspecify.annotations.Nullable;

/** What one event of an answer says. Filled anew for each event. */
final class Event {

  static final int UNKNOWN = -1;

  /** Text for the caller; null for none. */
  @Nullable String text;

  /** Whether it carries what the model says to itself, which is counted and not passed on. */
  boolean hasReasoning;

  /** Why the answer ends; null while it does not. */
  @Nullable String finishReason;

  long inputTokens;
  long outputTokens;
  long cachedTokens;
  long runningTokens;
  double queueSeconds;

  /** Whether it is an error; the fields below say which. */
  boolean isError;

  long errorStatus;
  String errorCode = "";
  String errorType = "";

  void clear() {
    text = null;
    hasReasoning = false;
    finishReason = null;
    inputTokens = UNKNOWN;
    outputTokens = UNKNOWN;
    cachedTokens = UNKNOWN;
    runningTokens = UNKNOWN;
    queueSeconds = UNKNOWN;
    isError = false;
    errorStatus = UNKNOWN;
    errorCode = "";
    errorType = "";
  }

  void addText(String more) {
    String before = text;
    text = before == null ? more : before + more;
  }

  /** Tells nothing of the text, which is the caller's. */
  @Override
  public String toString() {
    return "Event[" + (isError ? "error" : finishReason == null ? "text" : "finish") + "]";
  }
}
