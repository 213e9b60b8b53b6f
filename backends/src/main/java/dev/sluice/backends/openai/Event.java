package dev.sluice.backends.openai;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one event of an answer says. Filled anew for each event. */
final class Event {

  static final int UNKNOWN = -1;

  /** Text for the caller; null for none. */
  @Nullable String text;

  /** Text that says why there is no answer; null for none. */
  @Nullable String refusal;

  /** Pieces of calls of tools: an array of JSON in ASCII on one line; null for none. */
  @Nullable String toolCalls;

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
    refusal = null;
    toolCalls = null;
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

  /** What there is in words, a refusal included; null for none. */
  @Nullable String words() {
    String why = refusal;
    if (why != null) {
      addText(why);
      refusal = null;
    }
    return text;
  }

  /** What there is beside text: members of a delta each, as JSON in ASCII on one line. */
  List<String> deltas() {
    String why = refusal;
    String calls = toolCalls;
    if ((why == null || why.isEmpty()) && calls == null) {
      return List.of();
    }
    List<String> deltas = new ArrayList<>(2);
    if (why != null && !why.isEmpty()) {
      deltas.add("\"refusal\":" + EventReader.quoted(why));
    }
    if (calls != null) {
      deltas.add("\"tool_calls\":" + calls);
    }
    return deltas;
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
