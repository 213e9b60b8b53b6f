package dev.sluice.gateway.core.policy;

import static dev.sluice.gateway.core.CoreFixtures.MILLISECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.core.CoreFixtures;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.Reason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WaitingLineTest {

  private static final RoutingDecision NO =
      new RoutingDecision.Refuse(Failure.of(Reason.OVERLOADED, "no"));

  private final List<String> left = new ArrayList<>();
  private final WaitingLine<String> line = new WaitingLine<>(20);

  @Test
  void theEarliestDeadlineLeavesFirst() {
    line.add(request(900), "late");
    line.add(request(100), "early");
    line.add(request(500), "middle");
    line.review(_ -> NO, (ticket, _) -> left.add(ticket));
    assertThat(left).containsExactly("early", "middle", "late");
    assertThat(line.size()).isZero();
  }

  @Test
  void whoMustWaitStaysAndIsLookedAtAgain() {
    AdmittedRequest request = request(100);
    line.add(request, "one");
    line.review(RoutingDecision.Wait::new, (ticket, _) -> left.add(ticket));
    assertThat(left).isEmpty();
    assertThat(line.size()).isEqualTo(1);
    line.review(_ -> NO, (ticket, _) -> left.add(ticket));
    assertThat(left).containsExactly("one");
  }

  @Test
  void aFullLineTakesNobody() {
    WaitingLine<String> tiny = new WaitingLine<>(1);
    assertThat(tiny.add(request(1), "one")).isTrue();
    assertThat(tiny.add(request(1), "two")).isFalse();
  }

  @Test
  void whoGoesAwayIsForgotten() {
    line.add(request(100), "one");
    assertThat(line.remove("one")).isTrue();
    assertThat(line.remove("one")).isFalse();
    assertThat(line.size()).isZero();
  }

  @Test
  void behindManyThatMustWaitNobodyOfTheirKindIsLookedAt() {
    for (int i = 0; i < 20; i++) {
      line.add(request(100 + i), "waits-" + i);
    }
    int[] looks = {0};
    line.review(
        request -> {
          looks[0]++;
          return new RoutingDecision.Wait(request);
        },
        (ticket, _) -> left.add(ticket));
    assertThat(looks[0]).isEqualTo(8);
    assertThat(line.size()).isEqualTo(20);
  }

  private static AdmittedRequest request(long firstTokenMillis) {
    return CoreFixtures.admitted(100, 100, new Budget(firstTokenMillis * MILLISECOND, 0, 0));
  }
}
