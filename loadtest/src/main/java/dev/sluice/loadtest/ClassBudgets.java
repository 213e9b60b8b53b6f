package dev.sluice.loadtest;

import dev.sluice.loadtest.workload.Budget;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The argument that gives classes other budgets than their own. */
final class ClassBudgets {
  @Option(
      names = "--class-budget",
      paramLabel = "NAME=ttft:T,tpot:T,total:T",
      description = "Budget of a class, in place of its own; repeatable.")
  private List<String> entries = List.of();

  /**
   * Puts them into {@code budgets}, over what is there.
   *
   * @throws IllegalArgumentException if one makes no sense
   */
  void putInto(Map<String, Budget> budgets) {
    for (String entry : entries) {
      int equals = entry.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "class-budget: " + entry + " (expected: NAME=ttft:500ms,tpot:10ms)");
      }
      budgets.put(entry.substring(0, equals), Budget.parse(entry.substring(equals + 1)));
    }
  }
}
