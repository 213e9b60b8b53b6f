package dev.sluice.loadtest.workload;

import java.util.List;

/** One entry of a recorded agent conversation. */
sealed interface AgentStep {
  /**
   * A request.
   *
   * @param atSeconds when it was sent, on the clock of its agent
   * @param prefix ids of its prompt's blocks, whose size and space the conversation knows
   * @param thinkSeconds between the answer before and this request; NaN: not recorded
   * @param serviceSeconds how long the service took; 0: not recorded
   */
  record Call(
      double atSeconds,
      long inputTokens,
      long outputTokens,
      PrefixBlocks prefix,
      double thinkSeconds,
      double serviceSeconds)
      implements AgentStep {}

  /**
   * An agent that the conversation started, with a conversation of its own.
   *
   * @param endSeconds when it was done, on the clock of the agent that started it
   * @param durationSeconds how long it ran; 0: not recorded
   */
  record Nested(double endSeconds, double durationSeconds, List<AgentStep> steps)
      implements AgentStep {
    public Nested {
      steps = List.copyOf(steps);
    }

    double startSeconds() {
      return endSeconds - durationSeconds;
    }
  }
}
