package dev.sluice.gateway.core.policy;

import static dev.sluice.gateway.core.CoreFixtures.MILLISECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.core.CoreFixtures;
import dev.sluice.gateway.core.fleet.Load;
import dev.sluice.gateway.core.policy.WaitingLine.Entry;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Criticality;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.core.request.ServiceClass;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WaitingLineTest {

  /** More than anybody here needs. */
  private static final int PLACES = 100;

  private static final int CAPACITY = 100;

  private static final RoutingDecision NO =
      new RoutingDecision.Refuse(Failure.of(Reason.OVERLOADED, "no"));

  private final List<String> left = new ArrayList<>();
  private final WaitingLine<String> line = new WaitingLine<>(CAPACITY);

  @Test
  void theEarliestDeadlineLeavesFirst() {
    line.add(request(900), "late", PLACES, 0);
    line.add(request(100), "early", PLACES, 0);
    line.add(request(500), "middle", PLACES, 0);
    line.review(_ -> NO, (ticket, _) -> left.add(ticket), 0);
    assertThat(left).containsExactly("early", "middle", "late");
    assertThat(line.size()).isZero();
  }

  @Test
  void whoMustWaitStaysAndIsLookedAtAgain() {
    AdmittedRequest request = request(100);
    line.add(request, "one", PLACES, 0);
    line.review(RoutingDecision.Wait::new, (ticket, _) -> left.add(ticket), 0);
    assertThat(left).isEmpty();
    assertThat(line.size()).isEqualTo(1);
    line.review(_ -> NO, (ticket, _) -> left.add(ticket), 0);
    assertThat(left).containsExactly("one");
  }

  @Test
  void aFullLineTakesNobody() {
    WaitingLine<String> tiny = new WaitingLine<>(1);
    assertThat(tiny.add(request(1), "one", PLACES, 0)).isEqualTo(Entry.TAKEN);
    assertThat(tiny.add(request(1), "two", PLACES, 0)).isEqualTo(Entry.FULL);
  }

  @Test
  void whoGoesAwayIsForgotten() {
    line.add(request(100), "one", PLACES, 0);
    assertThat(line.remove("one")).isTrue();
    assertThat(line.remove("one")).isFalse();
    assertThat(line.size()).isZero();
  }

  @Test
  void behindManyThatMustWaitNobodyOfTheirKindIsLookedAt() {
    for (int i = 0; i < 20; i++) {
      line.add(request(100 + i), "waits-" + i, PLACES, 0);
    }
    int[] looks = {0};
    line.review(
        request -> {
          looks[0]++;
          return new RoutingDecision.Wait(request);
        },
        (ticket, _) -> left.add(ticket),
        0);
    assertThat(looks[0]).isEqualTo(8);
    assertThat(line.size()).isEqualTo(20);
  }

  @Test
  void twoOfAKindMayWaitForEachPlace() {
    for (int i = 0; i < 6; i++) {
      assertThat(line.add(request(100), "waits-" + i, 3, 0)).isEqualTo(Entry.TAKEN);
    }
    assertThat(line.add(request(100), "one too many", 3, 0)).isEqualTo(Entry.FULL);
    line.remove("waits-0");
    assertThat(line.add(request(100), "fits again", 3, 0)).isEqualTo(Entry.TAKEN);
  }

  @Test
  void promptsThatWaitAreBoundedTogether() {
    AdmittedRequest vast = CoreFixtures.admitted(9 << 20, 1, Budget.NONE);
    assertThat(line.add(vast, "one", PLACES, 0)).isEqualTo(Entry.TAKEN);
    assertThat(line.add(vast, "two", PLACES, 0)).isEqualTo(Entry.FULL);
    line.remove("one");
    assertThat(line.add(vast, "two", PLACES, 0)).isEqualTo(Entry.TAKEN);
  }

  @Test
  void whoeverCanWaitShortlyWaitsAloneUntilOthersWereServed() {
    assertThat(add(hurried(), 0)).isEqualTo(Entry.TAKEN);
    assertThat(add(hurried(), 0)).isEqualTo(Entry.IN_VAIN);
    serveAll(MILLISECOND);
    assertThat(add(hurried(), MILLISECOND)).isEqualTo(Entry.TAKEN);
    assertThat(add(hurried(), MILLISECOND)).isEqualTo(Entry.TAKEN);
    assertThat(add(hurried(), MILLISECOND)).isEqualTo(Entry.IN_VAIN);
  }

  @Test
  void afterAWaitInVainNobodyWaitsBeforeFourHundredOthersWereRefused() {
    add(hurried(), 0);
    refuseAll(100 * MILLISECOND);
    for (int i = 0; i < 400; i++) {
      assertThat(add(hurried(), 100 * MILLISECOND)).isEqualTo(Entry.IN_VAIN);
    }
    assertThat(add(hurried(), 100 * MILLISECOND)).isEqualTo(Entry.TAKEN);
    assertThat(add(hurried(), 100 * MILLISECOND)).isEqualTo(Entry.IN_VAIN);
  }

  @Test
  void whereHardlyAnybodyIsRefusedSomebodyTriesAfterFiveSeconds() {
    add(hurried(), 0);
    refuseAll(0);
    assertThat(add(hurried(), 5 * CoreFixtures.SECOND - 1)).isEqualTo(Entry.IN_VAIN);
    assertThat(add(hurried(), 5 * CoreFixtures.SECOND)).isEqualTo(Entry.TAKEN);
  }

  @Test
  void whereManyAreRefusedSomebodyTriesAfterAMinuteAtTheLatest() {
    add(hurried(), 0);
    refuseAll(0);
    for (int second = 1; second < 60; second += 2) {
      for (int i = 0; i < 13; i++) {
        assertThat(add(hurried(), second * CoreFixtures.SECOND)).isEqualTo(Entry.IN_VAIN);
      }
    }
    assertThat(add(hurried(), 60 * CoreFixtures.SECOND)).isEqualTo(Entry.TAKEN);
  }

  @Test
  void ofOneKindInVainOthersMayWaitAllTheSame() {
    add(hurried(), 0);
    refuseAll(0);
    assertThat(add(hurried(), 0)).isEqualTo(Entry.IN_VAIN);
    assertThat(add(hurriedBatch(), 0)).isEqualTo(Entry.TAKEN);
  }

  @Test
  void aWaitInVainAmidManyThatWereNotShortensTheLineOnce() {
    assertThat(taken(request(20), 0)).isEqualTo(20);
    reviewed(18, 2);
    // seven times the line was at least half full when somebody was served; four fifths of 27
    assertThat(taken(request(20), MILLISECOND)).isEqualTo(21);
  }

  @Test
  void aLineOfThoseWhoCanWaitForAMinuteHasNoEndWhileMostAreServed() {
    assertThat(taken(request(60), 0)).isEqualTo(CAPACITY);
    reviewed(CAPACITY - 2, 2);
    assertThat(taken(request(60), MILLISECOND)).isEqualTo(CAPACITY);
    reviewed(0, CAPACITY);
    assertThat(taken(request(60), 2 * MILLISECOND)).isEqualTo(0);
  }

  @Test
  void whereManyAreRefusedMoreOfThoseWhoWaitMustBeServed() {
    assertThat(taken(request(20), 0)).isEqualTo(20);
    reviewed(14, 6);
    assertThat(taken(request(20), MILLISECOND)).as("quiet").isGreaterThan(0);
    for (int i = 0; i < 20; i++) {
      add(request(20), MILLISECOND);
    }
    reviewed(14, 7);
    assertThat(taken(request(20), 2 * MILLISECOND)).as("amid refusals").isEqualTo(0);
  }

  @Test
  void whereNearlyAllWhoWaitedWereServedOthersMayWait() {
    for (int i = 0; i < 20; i++) {
      line.add(request(100), "waits-" + i, PLACES, 0);
    }
    int[] seen = {0};
    line.review(
        request -> seen[0]++ == 0 ? NO : new RoutingDecision.Route(request, candidate()),
        (_, _) -> {},
        0);
    assertThat(line.add(request(100), "one more", PLACES, 0)).isEqualTo(Entry.TAKEN);
    assertThat(line.add(request(100), "and another", PLACES, 0)).isEqualTo(Entry.TAKEN);
  }

  private static Candidate candidate() {
    AdmittedRequest request = request(100);
    return new Candidates(
            request, List.of(CoreFixtures.state(CoreFixtures.gpu(0, "gpu"), Load.IDLE)), 0)
        .candidate(0);
  }

  private Entry add(AdmittedRequest request, long nowNanos) {
    return line.add(request, "ticket", PLACES, nowNanos);
  }

  /** Adds until one is not taken; how many were. */
  private int taken(AdmittedRequest request, long nowNanos) {
    int taken = 0;
    while (add(request, nowNanos) == Entry.TAKEN) {
      taken++;
    }
    return taken;
  }

  /** Serves so many, and then refuses so many. */
  private void reviewed(int served, int refused) {
    int[] seen = {0};
    line.review(
        request -> {
          seen[0]++;
          return seen[0] <= served
              ? routed(request)
              : seen[0] <= served + refused ? NO : new RoutingDecision.Wait(request);
        },
        (_, _) -> {},
        MILLISECOND);
  }

  private void serveAll(long nowNanos) {
    line.review(WaitingLineTest::routed, (_, _) -> {}, nowNanos);
  }

  private void refuseAll(long nowNanos) {
    line.review(_ -> NO, (_, _) -> {}, nowNanos);
  }

  private static RoutingDecision routed(AdmittedRequest request) {
    return new RoutingDecision.Route(request, candidate());
  }

  private static AdmittedRequest hurried() {
    return CoreFixtures.admitted(100, 100, new Budget(100 * MILLISECOND, 0, 0));
  }

  private static AdmittedRequest hurriedBatch() {
    AdmittedRequest hurried = hurried();
    return new AdmittedRequest(
        hurried.request(),
        hurried.model(),
        new ServiceClass("batch", Budget.NONE, 0.2, Criticality.SHEDDABLE),
        hurried.budget(),
        hurried.deadlineNanos(),
        hurried.output());
  }

  /** One of those who can wait for a minute or more, of whom as many may wait as there is room. */
  private static AdmittedRequest request(long firstTokenSeconds) {
    return CoreFixtures.admitted(
        100, 100, new Budget(firstTokenSeconds * CoreFixtures.SECOND, 0, 0));
  }
}
