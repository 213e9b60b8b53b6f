package dev.sluice.backends.text;

import dev.sluice.backends.Completion;
import org.jspecify.annotations.Nullable;

/** Engines' words for why an answer ended regularly. */
public final class FinishReasons {

  private FinishReasons() {}

  /**
   * What {@code said} means; null when it is no regular end: engines that were told to abort, or
   * that failed, say so in the same place.
   */
  public static Completion.@Nullable Reason of(String said) {
    return switch (said) {
      case "stop", "eos", "eos_token", "stop_sequence" -> Completion.Reason.STOP;
      case "length", "max_tokens" -> Completion.Reason.LENGTH;
      case "content_filter" -> Completion.Reason.CONTENT_FILTER;
      case "tool_calls", "function_call" -> Completion.Reason.TOOL_CALLS;
      default -> null;
    };
  }
}
