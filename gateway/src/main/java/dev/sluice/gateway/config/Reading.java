package dev.sluice.gateway.config;

import dev.sluice.backends.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** One pass over a file: collects every problem instead of stopping at the first. */
final class Reading {

  /** Most problems that are kept: nobody reads more, and aliases can multiply one a lot. */
  private static final int MOST_PROBLEMS = 1000;

  private final String file;
  private final List<ConfigProblem> problems = new ArrayList<>();
  private final Names names = new Names(this);
  private final List<Total> totals = new ArrayList<>();
  private final List<Vendor> vendors = new ArrayList<>();
  private final List<Serving> servings = new ArrayList<>();
  private final List<GatewayConfig.Engine> engines = new ArrayList<>();

  Reading(String file) {
    this.file = file;
  }

  /** A budget's total where it stands, to be held against the gateway's own limit. */
  record Total(Duration length, Node node, String path) {}

  /** A vendor where it is named, to be looked for in the fleet. */
  record Vendor(String name, Node node, String path) {}

  /** The model that a backend serves where it is named, and what the backend can do. */
  record Serving(String model, Set<Task> tasks, Node node, String path) {}

  /** The names that the file gives and uses. */
  Names names() {
    return names;
  }

  /** Notes a budget's total. */
  void total(Total total) {
    totals.add(total);
  }

  List<Total> totals() {
    return totals;
  }

  /** Notes a vendor's name. */
  void vendor(Vendor vendor) {
    vendors.add(vendor);
  }

  List<Vendor> vendors() {
    return vendors;
  }

  /** Notes the model that a backend serves. */
  void serving(Serving serving) {
    servings.add(serving);
  }

  List<Serving> servings() {
    return servings;
  }

  /** Notes an engine that the gateway starts. */
  void engine(GatewayConfig.Engine engine) {
    engines.add(engine);
  }

  List<GatewayConfig.Engine> engines() {
    return engines;
  }

  /** Where {@code node} begins, which {@code path} names, as problems tell it. */
  String place(Node node, String path) {
    Optional<Mark> mark = node.getStartMark();
    return new ConfigProblem(file, line(mark), column(mark), path).toString();
  }

  /** Notes a problem where {@code node} begins; an empty {@code path} is the file itself. */
  void problem(Node node, String path, String message) {
    problem(node.getStartMark(), path.isEmpty() ? message : path + ": " + message);
  }

  /** Notes a problem at {@code mark}, or at the file's beginning. */
  void problem(Optional<Mark> mark, String message) {
    problem(line(mark), column(mark), message);
  }

  private static int line(Optional<Mark> mark) {
    return mark.map(Mark::getLine).orElse(0) + 1;
  }

  private static int column(Optional<Mark> mark) {
    return mark.map(Mark::getColumn).orElse(0) + 1;
  }

  /** Notes a problem at a line and column, both from 1. */
  void problem(int line, int column, String message) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(new ConfigProblem(file, line, column, message));
    }
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
