package dev.sluice.gateway.core.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class TenantBooksTest {

  private static final long SECOND = 1_000_000_000L;
  private static final String MODEL = "m";

  private final TenantBooks books = new TenantBooks(new TenantBooks.Terms(2, 600));

  private Standing arrived(String tenant, boolean contended, long nowNanos) {
    return books.arrived(tenant, MODEL, contended, nowNanos);
  }

  @Test
  void aTenantMayHaveSoManyRequestsAtOnceAndAnotherOneWhenOneHasEnded() {
    assertThat(arrived("a", false, 0).atMostStreams()).isFalse();
    assertThat(arrived("a", false, 0).atMostStreams()).isFalse();
    assertThat(arrived("a", false, 0).atMostStreams()).isTrue();
    assertThat(arrived("b", false, 0).atMostStreams()).isFalse();
    books.ended("a", 0, 0, 0);
    books.ended("a", 0, 0, 0);
    assertThat(arrived("a", false, 0).atMostStreams()).isFalse();
  }

  @Test
  void tokensAreSetAsideSettledAndComeBackWithTime() {
    assertThat(arrived("a", false, 0).quota().leftTokens()).isEqualTo(600);
    books.routed("a", MODEL, 500, 200, 0);
    assertThat(arrived("a", false, 0).quota().leftTokens()).isEqualTo(100);
    books.ended("a", 500, 300, 0);
    assertThat(arrived("a", false, 0).quota().leftTokens()).isEqualTo(300);
    assertThat(arrived("a", false, 10 * SECOND).quota().leftTokens()).isEqualTo(400);
    assertThat(arrived("a", false, 1000 * SECOND).quota().leftTokens()).isEqualTo(600);
  }

  @Test
  void whoTookMuchOfAContendedModelIsAboveItsShareAndWhoTookLittleIsNot() {
    TenantBooks free = new TenantBooks(TenantBooks.Terms.NONE);
    for (int i = 0; i < 100; i++) {
      free.routed("greedy", MODEL, 1000, 1000, 0);
    }
    free.routed("modest", MODEL, 1000, 1000, 0);
    assertThat(free.arrived("greedy", MODEL, true, 0).isAboveShare()).isTrue();
    assertThat(free.arrived("modest", MODEL, true, 0).isAboveShare()).isFalse();
    assertThat(free.arrived("newcomer", MODEL, true, 0).isAboveShare()).isFalse();
    assertThat(free.arrived("greedy", MODEL, false, 0).isAboveShare()).as("room").isFalse();
    assertThat(free.arrived("greedy", "other", true, 0).isAboveShare()).as("other").isFalse();
    assertThat(free.arrived("greedy", MODEL, true, 500 * SECOND).isAboveShare())
        .as("long ago")
        .isFalse();
  }

  @Test
  void aTenantAloneIsWithinItsShareWhateverItTakes() {
    TenantBooks free = new TenantBooks(TenantBooks.Terms.NONE);
    for (int i = 0; i < 100; i++) {
      free.routed("alone", MODEL, 1000, 1000, 0);
    }
    assertThat(free.arrived("alone", MODEL, true, 0).isAboveShare()).isFalse();
  }

  @Test
  void whoTookLessThanHalfOfAllIsLeftToPrices() {
    TenantBooks free = new TenantBooks(TenantBooks.Terms.NONE);
    free.routed("a", MODEL, 1000, 1000, 0);
    free.routed("b", MODEL, 900, 900, 0);
    free.routed("c", MODEL, 200, 200, 0);
    assertThat(free.arrived("a", MODEL, true, 0).isAboveShare()).isFalse();
    free.routed("a", MODEL, 500, 500, 200_000_000);
    assertThat(free.arrived("a", MODEL, true, 200_000_000).isAboveShare()).isTrue();
    assertThat(free.arrived("b", MODEL, true, 200_000_000).isAboveShare()).isFalse();
  }

  @Test
  void tenantsWithoutNumberTakeABoundedPlaceAndShareAnAccount() {
    TenantBooks free = new TenantBooks(new TenantBooks.Terms(1, 0));
    for (int i = 0; i < 2 * TenantBooks.MOST_TENANTS; i++) {
      assertThat(free.tenants()).isLessThanOrEqualTo(TenantBooks.MOST_TENANTS);
      Standing _ = free.arrived("t" + i, MODEL, false, 0);
    }
    assertThat(free.arrived("one more", MODEL, false, 0).atMostStreams()).isTrue();
  }

  @Test
  void accountsOfThoseWhoLeftAreClosedForThoseWhoCome() {
    TenantBooks free = new TenantBooks(TenantBooks.Terms.NONE);
    for (int i = 0; i < 5 * TenantBooks.MOST_TENANTS; i++) {
      Standing _ = free.arrived("t" + i, MODEL, false, i);
      free.routed("t" + i, MODEL, 5, 5, i);
      free.ended("t" + i, 5, 5, i);
      assertThat(free.tenants()).isLessThanOrEqualTo(TenantBooks.MOST_TENANTS);
    }
    assertThat(free.streams("_other")).isZero();
  }

  @Test
  void whateverHappensAllIsGivenBackInTheEnd() {
    for (int seed = 0; seed < 50; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      TenantBooks any = new TenantBooks(new TenantBooks.Terms(3, 1000));
      int[] open = new int[4];
      long nowNanos = 0;
      for (int i = 0; i < 400; i++) {
        int tenant = random.nextInt(open.length);
        nowNanos += random.nextLong(SECOND);
        if (open[tenant] > 0 && random.nextBoolean()) {
          open[tenant]--;
          any.ended("t" + tenant, 10, random.nextInt(20), nowNanos);
        } else {
          open[tenant]++;
          Standing _ = any.arrived("t" + tenant, MODEL, random.nextBoolean(), nowNanos);
          any.routed("t" + tenant, MODEL, 10, 5, nowNanos);
        }
        assertThat(any.streams("t" + tenant)).isEqualTo(open[tenant]);
      }
    }
  }
}
