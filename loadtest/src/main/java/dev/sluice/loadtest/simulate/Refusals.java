package dev.sluice.loadtest.simulate;

import dev.sluice.loadtest.report.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/** Who was not answered, and why: requests by class and reason. */
final class Refusals {

  private final SequencedMap<String, OfClass> byClass = new LinkedHashMap<>();

  private static final class OfClass {
    private long requests;
    private long failed;
    private final SequencedMap<String, Long> byReason = new TreeMap<>();
  }

  Refusals(List<String> classes) {
    classes.forEach(name -> byClass.put(name, new OfClass()));
  }

  void add(FinishedRequest finished) {
    OfClass ofClass =
        byClass.computeIfAbsent(finished.arrival().demand().serviceClass(), _ -> new OfClass());
    ofClass.requests++;
    if (finished.ending().outcome() != Outcome.COMPLETED) {
      ofClass.failed++;
      ofClass.byReason.merge(finished.ending().reason(), 1L, Long::sum);
    }
  }

  /** One line for each class of which some were not answered. */
  List<String> describe() {
    return byClass.entrySet().stream()
        .filter(entry -> entry.getValue().failed > 0)
        .map(entry -> describe(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static String describe(String name, OfClass ofClass) {
    StringBuilder text = new StringBuilder("class ").append(name).append(": ");
    if (ofClass.failed == ofClass.requests) {
      text.append("nobody can serve it: ");
    }
    text.append(ofClass.failed).append(" of ").append(ofClass.requests).append(" not answered (");
    String gap = "";
    for (Map.Entry<String, Long> reason : ofClass.byReason.entrySet()) {
      text.append(gap).append(reason.getKey()).append(' ').append(reason.getValue());
      gap = ", ";
    }
    return text.append(')').toString();
  }
}
