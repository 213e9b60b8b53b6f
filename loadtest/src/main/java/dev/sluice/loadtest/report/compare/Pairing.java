package dev.sluice.loadtest.report.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * Which sides of two reports belong together: those of the same policy and rate; where each report
 * has a single policy, those of the same rate, whatever the names; and where one report is live,
 * the single side of each.
 */
final class Pairing {
  private record Key(String policy, double rateScale) {}

  private final ReportFile first;
  private final ReportFile second;
  private final Map<Key, Side> firstSides;
  private final Map<Key, Side> secondSides;

  Pairing(ReportFile first, ReportFile second, Selection selection) throws ReportException {
    this.first = first;
    this.second = second;
    firstSides = sides(first, selection.firstPolicy(), selection.rateScale());
    secondSides = sides(second, selection.secondPolicy(), selection.rateScale());
  }

  List<Pair> pairs() throws IOException, ReportException {
    if (first.live() || second.live()) {
      return List.of(new Pair(only(first, firstSides), only(second, secondSides)));
    }
    boolean byRateAlone = policies(firstSides) == 1 && policies(secondSides) == 1;
    List<Pair> pairs = new ArrayList<>();
    for (Map.Entry<Key, Side> mine : firstSides.entrySet()) {
      for (Map.Entry<Key, Side> theirs : secondSides.entrySet()) {
        boolean sameRate = mine.getKey().rateScale() == theirs.getKey().rateScale();
        boolean samePolicy = mine.getKey().policy().equals(theirs.getKey().policy());
        if (sameRate && (byRateAlone || samePolicy)) {
          pairs.add(new Pair(mine.getValue(), theirs.getValue()));
        }
      }
    }
    if (pairs.isEmpty()) {
      throw new ReportException(
          "nothing in common: %s has %s, %s has %s (expected: a policy at the same rate in both)"
              .formatted(first.file(), titles(firstSides), second.file(), titles(secondSides)));
    }
    return pairs;
  }

  private static Map<Key, Side> sides(
      ReportFile report, Optional<String> policy, OptionalDouble rateScale) throws ReportException {
    Map<Key, List<LoadedRun>> runs = new LinkedHashMap<>();
    for (LoadedRun run : report.runs()) {
      LoadedRun.Identity identity = run.identity();
      boolean wanted =
          report.live()
              || ((policy.isEmpty() || policy.get().equals(identity.name()))
                  && (rateScale.isEmpty() || rateScale.getAsDouble() == identity.rateScale()));
      if (wanted) {
        Key key = new Key(identity.name(), identity.rateScale());
        runs.computeIfAbsent(key, _ -> new ArrayList<>()).add(run);
      }
    }
    if (runs.isEmpty()) {
      throw new ReportException(
          "%s: no run of policy %s at rate %s (expected: one)"
              .formatted(
                  report.file(),
                  policy.orElse("any"),
                  rateScale.isEmpty() ? "any" : Wording.number(rateScale.getAsDouble()) + "×"));
    }
    Map<Key, Side> sides = new LinkedHashMap<>();
    runs.forEach((key, each) -> sides.put(key, new Side(each)));
    return sides;
  }

  private static Side only(ReportFile report, Map<Key, Side> sides) throws ReportException {
    if (sides.size() > 1) {
      throw new ReportException(
          "%s: %s (expected: one, chosen by policy and rate)"
              .formatted(report.file(), titles(sides)));
    }
    return sides.values().iterator().next();
  }

  private static long policies(Map<Key, Side> sides) {
    return sides.keySet().stream().map(Key::policy).distinct().count();
  }

  private static String titles(Map<Key, Side> sides) {
    return sides.values().stream().map(Side::title).collect(Collectors.joining(", "));
  }
}
