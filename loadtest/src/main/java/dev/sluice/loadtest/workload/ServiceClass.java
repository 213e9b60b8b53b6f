package dev.sluice.loadtest.workload;

import java.util.List;

/**
 * A named budget that requests are sent with.
 *
 * @param name as the gateway knows it
 * @param budget what its requests carry and are judged by
 */
public record ServiceClass(String name, Budget budget) {
  private static final long MILLISECOND = 1_000_000;
  private static final long SECOND = 1_000_000_000;

  /**
   * The classes known without being told. Coding, interactive and relaxed follow the budgets of
   * MLPerf Inference for a 70B model where it has one; the others are engineering judgement.
   */
  public static final List<ServiceClass> BUILT_IN =
      List.of(
          of("completion", 200 * MILLISECOND, 10 * MILLISECOND, 500 * MILLISECOND),
          of("coding", 500 * MILLISECOND, 10 * MILLISECOND, 0),
          of("agentic", SECOND, 10 * MILLISECOND, 0),
          of("interactive", 450 * MILLISECOND, 40 * MILLISECOND, 0),
          of("chat", 450 * MILLISECOND, 40 * MILLISECOND, 0),
          of("relaxed", 2 * SECOND, 100 * MILLISECOND, 0),
          of("voice", 300 * MILLISECOND, 60 * MILLISECOND, 0),
          of("summarisation", 6 * SECOND, 150 * MILLISECOND, 0),
          of("agent", 0, 0, 10 * SECOND),
          of("batch", 0, 0, 600 * SECOND));

  public ServiceClass {
    if (name.isBlank() || name.indexOf(',') >= 0 || name.indexOf('"') >= 0) {
      throw new IllegalArgumentException(
          "service class: \"" + name + "\" (expected: a name without comma or quote)");
    }
  }

  private static ServiceClass of(String name, long ttft, long tpot, long total) {
    return new ServiceClass(name, new Budget(ttft, tpot, total));
  }
}
