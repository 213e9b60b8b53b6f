package dev.sluice.loadtest.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What each fault of a run did.
 *
 * <p>A request is hit by a fault when it ran, while the fault lasted, on the backend that it
 * befell: by the answer's own word or by the backend's books. A request that failed is charged to
 * the last fault that hit it.
 */
final class FaultFigures {

  private static final long SECOND = 1_000_000_000L;

  /** What counts as before a fault. */
  private static final long BEFORE_NANOS = 10 * SECOND;

  /** After it, a fault that still shows is not over. */
  private static final long AFTER_NANOS = 30 * SECOND;

  /** A busy machine tells of a child's end this much later; chosen without measurement. */
  private static final long NOTICED_LATE_NANOS = SECOND;

  private static final long WINDOW_NANOS = SECOND;
  private static final long STEP_NANOS = SECOND / 4;

  /** Attainment is back when it is this share of what it was; one miss in twenty is chance. */
  private static final double BACK_RATIO = 0.95;

  /** With fewer arrivals before a fault nobody can say what it was. */
  private static final int LEAST_ARRIVALS = 10;

  /**
   * One fault.
   *
   * @param hit requests that ran on the backend while it lasted
   * @param lost those of them that did not complete and are charged to it
   * @param detectNanos until the last of them had gone on or ended; NEVER when none was cut off
   * @param recoverNanos until the attainment of arrivals was back; NEVER when it was not
   * @param longestGapNanos longest silence of an answer that it hit and that completed; NEVER: none
   */
  record Row(
      FaultRecord fault,
      int hit,
      int lost,
      long detectNanos,
      long recoverNanos,
      long longestGapNanos,
      TokenDamage damage) {}

  private final RunResult run;
  private final FaultObservation observation;
  private final Map<String, Set<String>> placesByRequest = new HashMap<>();
  private final List<List<RequestResult>> hits = new ArrayList<>();
  private final List<List<RequestResult>> charged = new ArrayList<>();
  final List<Row> rows = new ArrayList<>();
  final TokenDamage damage;
  final int lost;
  final int lostElsewhere;
  final int truncatedAsSuccess;

  FaultFigures(RunResult run, FaultObservation observation) {
    this.run = run;
    this.observation = observation;
    for (BackendEntry entry : observation.backends()) {
      placesByRequest.computeIfAbsent(entry.requestId(), _ -> new HashSet<>()).add(entry.backend());
    }
    for (int fault = 0; fault < observation.faults().size(); fault++) {
      hits.add(new ArrayList<>());
      charged.add(new ArrayList<>());
    }
    int unplaced = 0;
    TokenDamage total = TokenDamage.NONE;
    int truncated = 0;
    for (RequestResult result : run.results()) {
      total = total.plus(damageOf(result));
      truncated += isTruncated(result) ? 1 : 0;
      int last = hit(result);
      if (failed(result)) {
        if (last < 0) {
          unplaced++;
        } else {
          charged.get(last).add(result);
        }
      }
    }
    damage = total;
    truncatedAsSuccess = truncated;
    lostElsewhere = unplaced;
    lost = charged.stream().mapToInt(List::size).sum() + unplaced;
    for (int fault = 0; fault < hits.size(); fault++) {
      rows.add(row(fault));
    }
  }

  /** Failed after it was taken: being turned away at the gate loses no stream. */
  private static boolean failed(RequestResult result) {
    return switch (result.ending().outcome()) {
      case BROKEN, EXPIRED, CANCELLED -> true;
      case COMPLETED, REFUSED, NOT_SENT -> false;
    };
  }

  private static boolean isTruncated(RequestResult result) {
    return result.completed() && result.tokens().received() < result.request().outputTokens();
  }

  private TokenDamage damageOf(RequestResult result) {
    return TokenDamage.of(result, observation.testimony(result));
  }

  /** Enters a request where it was hit; returns the last fault that did it, or −1. */
  private int hit(RequestResult result) {
    int last = -1;
    if (!result.sent()) {
      return last;
    }
    Set<String> places = placesByRequest.getOrDefault(observation.requestId(result), Set.of());
    for (int index = 0; index < hits.size(); index++) {
      FaultRecord fault = observation.faults().get(index);
      boolean there =
          places.contains(fault.backend()) || result.placement().backend().equals(fault.backend());
      if (there
          && result.times().closedNanos() >= fault.atNanos() - lateNanos(fault)
          && (fault.isLasting(result.times().sentNanos())
              || result.times().sentNanos() < fault.atNanos())) {
        hits.get(index).add(result);
        last = index;
      }
    }
    return last;
  }

  /** A death by its own hand is noticed only after those who were being served. */
  private static long lateNanos(FaultRecord fault) {
    return fault.kind().equals("died") ? NOTICED_LATE_NANOS : 0;
  }

  private Row row(int index) {
    FaultRecord fault = observation.faults().get(index);
    TokenDamage sum = TokenDamage.NONE;
    long detectNanos = Timeline.NEVER;
    long gapNanos = Timeline.NEVER;
    for (RequestResult result : hits.get(index)) {
      detectNanos = Math.max(detectNanos, signNanos(result, index) - fault.atNanos());
      gapNanos = Math.max(gapNanos, gapNanos(result, index));
      if (result.completed()) {
        sum = sum.plus(damageOf(result));
      }
    }
    for (RequestResult result : charged.get(index)) {
      sum = sum.plus(damageOf(result));
    }
    return new Row(
        fault,
        hits.get(index).size(),
        charged.get(index).size(),
        Math.max(Timeline.NEVER, detectNanos),
        recoverNanos(index),
        gapNanos,
        sum);
  }

  /** When the caller knew that this answer had been cut off; far in the past when it was not. */
  private long signNanos(RequestResult result, int index) {
    FaultRecord fault = observation.faults().get(index);
    if (fault.isSudden() && result.times().sentNanos() < fault.atNanos()) {
      return observation.testimony(result).crossings().stream()
          .filter(crossing -> crossing.fault() == index)
          .mapToLong(Testimony.Crossing::nextNanos)
          .max()
          .orElse(Long.MIN_VALUE / 2);
    }
    Account account = result.account();
    if (!result.completed()) {
      return result.times().closedNanos();
    }
    return account != null && account.attempts() > 1
        ? result.times().firstTokenNanos()
        : Long.MIN_VALUE / 2;
  }

  private long gapNanos(RequestResult result, int index) {
    if (!result.completed()) {
      return Timeline.NEVER;
    }
    return observation.testimony(result).crossings().stream()
        .filter(crossing -> crossing.fault() == index)
        .filter(crossing -> crossing.lastNanos() >= result.times().firstTokenNanos())
        .mapToLong(crossing -> crossing.nextNanos() - crossing.lastNanos())
        .max()
        .orElse(Timeline.NEVER);
  }

  /** Until the end of the last window, by second of arrival, that attained less than before. */
  private long recoverNanos(int index) {
    long atNanos = observation.faults().get(index).atNanos();
    Set<RequestResult> hit = new HashSet<>(hits.get(index));
    int arrivals = 0;
    int attained = 0;
    for (RequestResult result : run.results()) {
      long intended = result.request().intendedNanos();
      if (intended >= atNanos - BEFORE_NANOS && intended < atNanos && !hit.contains(result)) {
        arrivals++;
        attained += result.attained() ? 1 : 0;
      }
    }
    if (arrivals < LEAST_ARRIVALS) {
      return Timeline.NEVER;
    }
    double enough = BACK_RATIO * attained / arrivals;
    long untilNanos = untilNanos(index);
    long recovered = 0;
    boolean bad = false;
    for (long from = atNanos; from + WINDOW_NANOS <= untilNanos; from += STEP_NANOS) {
      bad = attainment(from) < enough;
      recovered = bad ? from + WINDOW_NANOS - atNanos : recovered;
    }
    return bad ? Timeline.NEVER : recovered;
  }

  private long untilNanos(int index) {
    long atNanos = observation.faults().get(index).atNanos();
    long until = Math.min(run.schedule().horizonNanos(), atNanos + AFTER_NANOS);
    return index + 1 < observation.faults().size()
        ? Math.min(until, observation.faults().get(index + 1).atNanos())
        : until;
  }

  private double attainment(long fromNanos) {
    int arrivals = 0;
    int attained = 0;
    for (RequestResult result : run.results()) {
      long intended = result.request().intendedNanos();
      if (intended >= fromNanos && intended < fromNanos + WINDOW_NANOS) {
        arrivals++;
        attained += result.attained() ? 1 : 0;
      }
    }
    return arrivals == 0 ? 1 : (double) attained / arrivals;
  }

  /** Mean attempts of the requests that completed, as the gateway counts them. */
  double attemptsPerCompleted() {
    return run.results().stream()
        .map(RequestResult::account)
        .filter(account -> account != null)
        .mapToInt(Account::attempts)
        .average()
        .orElse(0);
  }

  /** Attempts for each request that the gateway received; not a number: it could not be asked. */
  double attemptsPerRequest() {
    GatewayBooks gateway = observation.gateway();
    if (gateway == null) {
      return Double.NaN;
    }
    return (double) gateway.attempts() / Math.max(1, gateway.received());
  }

  /** Generations in the backends' books for each request that was sent. */
  double generationsPerRequest() {
    long sent = run.results().stream().filter(RequestResult::sent).count();
    return sent == 0 ? 0 : (double) observation.backends().size() / sent;
  }

  /** Processes that ended without a word. */
  long kills() {
    return observation.faults().stream()
        .filter(fault -> fault.kind().equals("kill") || fault.kind().equals("died"))
        .count();
  }

  /** Generations that had sent tokens and ended with their process. */
  long streamsCut() {
    return observation.backends().stream()
        .filter(entry -> entry.end() == BackendEntry.End.DIED && entry.tokens() > 0)
        .count();
  }

  /** What the gateway counted; null: it could not be asked. */
  @Nullable GatewayBooks gateway() {
    return observation.gateway();
  }

  String plan() {
    return observation.plan();
  }

  /** Whether nothing was lost, repeated, spoilt, or cut and called whole. */
  boolean intact() {
    return lost == 0 && damage.none() && truncatedAsSuccess == 0;
  }
}
