package dev.sluice.gateway.core.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.gateway.core.CoreFixtures;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Constraints;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.LengthKey;
import dev.sluice.gateway.core.request.Lengths;
import dev.sluice.gateway.core.request.OutputLength;
import dev.sluice.gateway.core.request.Size;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class LengthBookTest {

  private static final int MOST = 1_000;

  private final LengthBook book = new LengthBook();

  @Test
  void lengthsAreTypicalUntilSomethingWasLearned() {
    assertThat(learned("acme", 0).mean()).isEqualTo(OutputLength.typical(MOST).mean());
    addMany(key("acme"), 50, LengthBook.ENOUGH_ANSWERS - 1);
    assertThat(learned("acme", 0).mean()).isEqualTo(OutputLength.typical(MOST).mean());
  }

  @Test
  void aTenantsOwnAnswersComeFirst() {
    addMany(key("acme"), 50, 100);
    addMany(key("other"), 800, 100);
    assertThat(learned("acme", 0).mean()).isCloseTo(50, within(6.0));
    assertThat(learned("other", 0).mean()).isCloseTo(800, within(90.0));
  }

  @Test
  void aNewTenantIsTakenToBeAsTheOthersOfItsModel() {
    addMany(key("acme"), 50, 100);
    assertThat(learned("new", 0).mean()).isCloseTo(50, within(6.0));
  }

  @Test
  void anotherLimitIsTakenToBeAsTheOthersOfTheModel() {
    addMany(LengthKey.of("acme", CoreFixtures.MODEL, 20_000), 50, 100);
    assertThat(learned("acme", 0).mean()).isCloseTo(50, within(6.0));
  }

  @Test
  void whoSaysHowLongItWillBeIsBelieved() {
    addMany(key("acme"), 50, 100);
    assertThat(learned("acme", 300).mean()).isEqualTo(300);
  }

  @Test
  void pointsFollowTheDistribution() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      book.add(key("acme"), 1 + (int) StrictMath.exp(4 + random.nextGaussian()));
    }
    OutputLength learned = learned("acme", 0);
    assertThat(learned.points()).isBetween(8, 16);
    double median = (learned.point(5) + learned.point(6)) / 2;
    assertThat(median).isCloseTo(StrictMath.exp(4), within(6.0));
    assertThat(learned.point(learned.points() - 1)).isGreaterThan(3 * median);
    for (int i = 1; i < learned.points(); i++) {
      assertThat(learned.point(i)).isGreaterThanOrEqualTo(learned.point(i - 1));
    }
  }

  @Test
  void lengthsThatChangeAreFollowed() {
    addMany(key("acme"), 50, 5_000);
    addMany(key("acme"), 800, 5_000);
    assertThat(learned("acme", 0).point(1)).isGreaterThan(600);
  }

  @Test
  void nothingNewIsNotPublishedAgain() {
    addMany(key("acme"), 50, 100);
    Lengths lengths = book.lengths();
    book.add(key("acme"), 50);
    assertThat(book.lengths()).isSameAs(lengths);
  }

  @Test
  void whatWasPublishedStaysAsItWas() {
    addMany(key("acme"), 50, 100);
    Lengths lengths = book.lengths();
    addMany(key("acme"), 800, 5_000);
    assertThat(lengths.of(request("acme", 0), CoreFixtures.model(), MOST).mean())
        .isCloseTo(50, within(6.0));
  }

  @Test
  void theTenantNotSeenForLongestIsForgotten() {
    addMany(key("first"), 50, 100);
    for (int i = 0; i < LengthBook.MOST_KEYS; i++) {
      addMany(key("tenant" + i), 800, 40);
    }
    assertThat(learned("first", 0).mean()).isCloseTo(800, within(90.0));
  }

  private void addMany(LengthKey key, int tokens, int answers) {
    for (int i = 0; i < answers; i++) {
      book.add(key, tokens);
    }
  }

  private OutputLength learned(String tenant, int hint) {
    return book.lengths().of(request(tenant, hint), CoreFixtures.model(), MOST);
  }

  private static LengthKey key(String tenant) {
    return LengthKey.of(tenant, CoreFixtures.MODEL, MOST);
  }

  private static InferenceRequest request(String tenant, int hint) {
    return new InferenceRequest(
        "r-1",
        CoreFixtures.MODEL,
        new Size(100, MOST, hint),
        Budget.NONE,
        "",
        new Constraints(List.of(), Double.POSITIVE_INFINITY, tenant),
        new InferenceRequest.Timing(0, Long.MAX_VALUE));
  }
}
