package dev.sluice.loadtest.report;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The figures of some of a run's requests. */
final class Slice {
  private final List<RequestResult> results;
  private final Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);

  final LatencySample ttftFromIntended;
  final LatencySample ttftFromSent;
  final LatencySample tpot;
  final LatencySample totalFromIntended;
  final LatencySample totalFromSent;

  Slice(List<RequestResult> results) {
    this.results = List.copyOf(results);
    for (RequestResult result : results) {
      outcomes.merge(result.ending().outcome(), 1, Integer::sum);
    }
    ttftFromIntended = LatencySample.of(results, RequestResult::ttftFromIntendedNanos);
    ttftFromSent = LatencySample.of(results, RequestResult::ttftFromSentNanos);
    tpot = LatencySample.of(results, RequestResult::tpotNanos);
    totalFromIntended = LatencySample.of(results, RequestResult::totalFromIntendedNanos);
    totalFromSent = LatencySample.of(results, RequestResult::totalFromSentNanos);
  }

  List<RequestResult> results() {
    return results;
  }

  int requests() {
    return results.size();
  }

  int count(Outcome outcome) {
    return outcomes.getOrDefault(outcome, 0);
  }

  /** Requests that were sent and not answered, other than by a refusal. */
  int errors() {
    return count(Outcome.EXPIRED) + count(Outcome.CANCELLED) + count(Outcome.BROKEN);
  }

  int attained() {
    return (int) results.stream().filter(RequestResult::attained).count();
  }

  /** Share of all arrivals that kept their budget; 1 when there are none. */
  double attainment() {
    return results.isEmpty() ? 1 : (double) attained() / results.size();
  }

  long outputTokens() {
    return results.stream().mapToLong(result -> result.tokens().received()).sum();
  }

  double costUsd() {
    return results.stream()
        .map(RequestResult::account)
        .mapToDouble(account -> account == null ? 0 : account.costUsd())
        .sum();
  }

  double energyJoules() {
    return results.stream()
        .map(RequestResult::account)
        .mapToDouble(account -> account == null ? 0 : account.energyJoules())
        .sum();
  }
}
