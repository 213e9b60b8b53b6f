package dev.sluice.loadtest.workload;

import java.util.ArrayList;
import java.util.List;

/**
 * Reader of agent conversations as callanjfox/kv-cache-tester publishes them (WEKA), one JSON
 * object each, alone in a file or one a line: {@code id}, {@code block_size}, {@code hash_id_scope}
 * and {@code requests} with {@code t}, {@code type}, {@code in}, {@code out}, {@code think_time},
 * {@code api_time} (seconds), and {@code hash_ids} or, run-length coded, {@code hash_runs}. An
 * entry of type {@code subagent} has {@code requests} of its own; its {@code t} is when it was
 * done, {@code duration_ms} how long it ran, and its requests count from its start.
 */
final class AgentReader {
  private static final int DEFAULT_BLOCK_TOKENS = 64;

  /** Agents that start agents; the published ones go one deep. */
  private static final int MAX_DEPTH = 8;

  /** Entries of one list; the longest published conversation has 561. */
  private static final int MAX_STEPS = 100_000;

  private final JsonText json;

  AgentReader(JsonText json) {
    this.json = json;
  }

  AgentConversation read() throws Malformed {
    String name = "";
    int blockTokens = DEFAULT_BLOCK_TOKENS;
    boolean local = true;
    List<AgentStep> steps = List.of();
    for (boolean more = json.openObject(); more; more = json.nextMember()) {
      switch (json.key()) {
        case "id" -> name = json.label();
        case "block_size" -> blockTokens = Math.toIntExact(json.wholeNumber());
        case "hash_id_scope" -> local = !json.label().equals("global");
        case "requests" -> steps = steps(0);
        default -> json.skip();
      }
    }
    if (steps.isEmpty()) {
      throw new Malformed("requests: none (expected: at least one)");
    }
    try {
      return new AgentConversation(name, blockTokens, local, steps);
    } catch (IllegalArgumentException e) {
      throw new Malformed(String.valueOf(e.getMessage()));
    }
  }

  private List<AgentStep> steps(int depth) throws Malformed {
    if (depth == MAX_DEPTH) {
      throw json.at("agents in agents (expected: at most " + MAX_DEPTH + " deep)");
    }
    List<AgentStep> steps = new ArrayList<>();
    for (boolean more = json.openList(); more; more = json.nextItem()) {
      if (steps.size() == MAX_STEPS) {
        throw json.at("requests (expected: at most " + MAX_STEPS + ")");
      }
      steps.add(step(depth));
    }
    return steps;
  }

  private AgentStep step(int depth) throws Malformed {
    Fields fields = new Fields();
    for (boolean more = json.openObject(); more; more = json.nextMember()) {
      switch (json.key()) {
        case "t" -> fields.at = seconds(0);
        case "type" -> fields.nested = json.label().equals("subagent");
        case "in" -> fields.inputTokens = json.wholeNumber();
        case "out" -> fields.outputTokens = json.wholeNumber();
        case "think_time" -> fields.think = seconds(Double.NaN);
        case "api_time" -> fields.service = seconds(0);
        case "duration_ms" -> fields.duration = seconds(0) / 1000;
        case "hash_ids" -> fields.prefix = MooncakeRows.readIds(json, DEFAULT_BLOCK_TOKENS);
        case "hash_runs" -> fields.prefix = runs();
        case "requests" -> fields.steps = steps(depth + 1);
        default -> json.skip();
      }
    }
    return fields.toStep();
  }

  /** A time, 0 or more, or what stands for one that is null. */
  private double seconds(double absent) throws Malformed {
    if (json.acceptNull()) {
      return absent;
    }
    double seconds = json.number();
    if (seconds < 0 || seconds > 1e12) {
      throw json.at(seconds + " (expected: a time, 0 or more)");
    }
    return seconds;
  }

  private PrefixBlocks runs() throws Malformed {
    PrefixBlocks.Builder blocks = new PrefixBlocks.Builder();
    for (boolean more = json.openList(); more; more = json.nextItem()) {
      json.openList();
      int first = Math.toIntExact(json.wholeNumber());
      json.nextItem();
      int count = Math.toIntExact(json.wholeNumber());
      if (count < 1 || json.nextItem()) {
        throw json.at("(expected: runs such as [first, count])");
      }
      blocks.add(first, count);
    }
    return blocks.build(DEFAULT_BLOCK_TOKENS);
  }

  /** What is known of an entry while it is read: its keys come in any order. */
  private static final class Fields {
    private boolean nested;
    private double at;
    private long inputTokens;
    private long outputTokens;
    private PrefixBlocks prefix = PrefixBlocks.NONE;
    private double think = Double.NaN;
    private double service;
    private double duration;
    private List<AgentStep> steps = List.of();

    AgentStep toStep() {
      return nested
          ? new AgentStep.Nested(at, duration, steps)
          : new AgentStep.Call(at, inputTokens, outputTokens, prefix, think, service);
    }
  }
}
