package dev.sluice.loadtest.workload;

import java.util.List;

/**
 * A recorded conversation of a coding agent.
 *
 * @param name as recorded
 * @param blockTokens tokens of one prompt block
 * @param local whether block ids mean nothing outside the conversation
 * @param steps what the main agent did, in the order of time
 */
record AgentConversation(String name, int blockTokens, boolean local, List<AgentStep> steps) {
  private static final int MAX_BLOCK_TOKENS = 1 << 16;

  AgentConversation {
    steps = List.copyOf(steps);
    if (blockTokens < 1 || blockTokens > MAX_BLOCK_TOKENS) {
      throw new IllegalArgumentException(
          "block_size: " + blockTokens + " (expected: 1 … " + MAX_BLOCK_TOKENS + ")");
    }
  }
}
