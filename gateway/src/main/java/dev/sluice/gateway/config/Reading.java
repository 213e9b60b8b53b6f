package dev.sluice.gateway.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** One pass over a file: collects every problem instead of stopping at the first. */
final class Reading {

  private final String file;
  private final List<ConfigProblem> problems = new ArrayList<>();

  Reading(String file) {
    this.file = file;
  }

  /** Notes a problem where {@code node} begins. */
  void problem(Node node, String message) {
    problem(node.getStartMark(), message);
  }

  /** Notes a problem at {@code mark}, or at the file's beginning. */
  void problem(Optional<Mark> mark, String message) {
    problems.add(
        new ConfigProblem(
            file,
            mark.map(Mark::getLine).orElse(0) + 1,
            mark.map(Mark::getColumn).orElse(0) + 1,
            message));
  }

  boolean isFaulty() {
    return !problems.isEmpty();
  }

  /** All problems, in the order of the file. */
  List<ConfigProblem> problems() {
    return problems.stream()
        .sorted(
            Comparator.comparingInt(ConfigProblem::line).thenComparingInt(ConfigProblem::column))
        .distinct()
        .toList();
  }
}
