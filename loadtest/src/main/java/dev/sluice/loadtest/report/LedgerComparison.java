package dev.sluice.loadtest.report;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Three independent books on the same requests, laid beside each other: the client's, the gateway's
 * and the backends'.
 *
 * <p>They are equal when client and gateway agree on requests, completions and tokens, when no
 * caller has a token that no backend sent, when what one attempt completed was sent exactly once,
 * when no backend was asked more often than the gateway counts attempts, and when nothing is left
 * running.
 */
final class LedgerComparison {

  private final RunResult run;
  private final FaultObservation observation;
  private final Map<String, List<BackendEntry>> entriesByRequest = new HashMap<>();
  private final Map<String, Integer> counts = new LinkedHashMap<>();
  private final Map<String, String> examples = new LinkedHashMap<>();
  final Map<BackendEntry.End, Long> ends = new EnumMap<>(BackendEntry.End.class);
  final Map<String, Long> tokensByBackend = new TreeMap<>();
  final long sent;
  final long completed;
  final long receivedTokens;
  final long backendTokens;

  LedgerComparison(RunResult run, FaultObservation observation) {
    this.run = run;
    this.observation = observation;
    for (BackendEntry.End end : BackendEntry.End.values()) {
      ends.put(end, 0L);
    }
    for (BackendEntry entry : observation.backends()) {
      entriesByRequest.computeIfAbsent(entry.requestId(), _ -> new ArrayList<>()).add(entry);
      ends.merge(entry.end(), 1L, Long::sum);
      tokensByBackend.merge(entry.backend(), (long) entry.tokens(), Long::sum);
    }
    sent = run.results().stream().filter(RequestResult::sent).count();
    completed = run.results().stream().filter(RequestResult::completed).count();
    receivedTokens = run.results().stream().mapToLong(each -> each.tokens().received()).sum();
    backendTokens = observation.backends().stream().mapToLong(BackendEntry::tokens).sum();
    compareWithGateway();
    run.results().forEach(this::compareWithBackends);
    for (BackendEntry entry : observation.backends()) {
      if (entry.end() == BackendEntry.End.RUNNING) {
        differ("left running at a backend", entry.requestId() + " at " + entry.backend());
      }
    }
  }

  private void compareWithGateway() {
    GatewayBooks books = observation.gateway();
    if (books == null) {
      differ("the gateway's books could not be read", "no /metrics");
      return;
    }
    compare("requests", sent, books.received());
    compare("completed", completed, books.completed());
    compare("not completed", sent - completed, books.notCompleted());
    compare("tokens delivered", receivedTokens, books.deliveredTokens());
    compare("still in flight", 0, books.inFlight());
  }

  private void compare(String what, long client, long gateway) {
    if (client != gateway) {
      differ(what, "client " + client + ", gateway " + gateway);
    }
  }

  private void compareWithBackends(RequestResult result) {
    String id = observation.requestId(result);
    List<BackendEntry> entries = entriesByRequest.getOrDefault(id, List.of());
    int received = result.tokens().received() - result.tokens().repeated();
    int sentOnce = covered(entries);
    if (received > sentOnce) {
      differ(
          "the client has tokens that no backend sent",
          id + ": client " + received + ", backends " + sentOnce);
    }
    Account account = result.account();
    if (!result.completed() || account == null) {
      return;
    }
    if (entries.size() > account.attempts()) {
      differ(
          "a backend was asked more often than the gateway counts attempts",
          id + ": " + entries.size() + " generations, " + account.attempts() + " attempts");
    }
    int sentTokens = entries.stream().mapToInt(BackendEntry::tokens).sum();
    if (account.attempts() == 1 && sentTokens != result.tokens().received()) {
      differ(
          "an undisturbed answer was not sent as it was received",
          id + ": client " + result.tokens().received() + ", backends " + sentTokens);
    }
  }

  /** Indexes from 0 on without a gap that the backends sent, counted once. */
  private static int covered(List<BackendEntry> entries) {
    int next = 0;
    boolean grown = true;
    while (grown) {
      grown = false;
      for (BackendEntry entry : entries) {
        int end = entry.firstIndex() + entry.tokens();
        if (entry.tokens() > 0 && entry.firstIndex() <= next && end > next) {
          next = end;
          grown = true;
        }
      }
    }
    return next;
  }

  private void differ(String what, String example) {
    counts.merge(what, 1, Integer::sum);
    examples.putIfAbsent(what, example);
  }

  boolean equal() {
    return counts.isEmpty();
  }

  /** Every kind of difference with how often it was met and the first of its examples. */
  List<String> differences() {
    List<String> differences = new ArrayList<>();
    counts.forEach(
        (what, count) ->
            differences.add(
                what + ": " + examples.get(what) + (count > 1 ? " (" + count + " such)" : "")));
    return differences;
  }

  @Nullable GatewayBooks gateway() {
    return observation.gateway();
  }

  /** Requests that were sent and did not complete, by the client's word for it. */
  Map<Outcome, Long> clientOutcomes() {
    Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    for (Outcome outcome : Outcome.values()) {
      outcomes.put(
          outcome,
          run.results().stream().filter(each -> each.ending().outcome() == outcome).count());
    }
    return outcomes;
  }
}
