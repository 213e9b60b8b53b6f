package dev.sluice.loadtest.live.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.report.FaultRecord;
import dev.sluice.loadtest.report.Timeline;
import org.junit.jupiter.api.Test;

/** The account of what was done. */
final class HappeningsTest {

  private final Happenings happenings = new Happenings();

  @Test
  void whatHappensToTheWarmUpIsInNoAccount() {
    int place = happenings.begin("died", "gpu-1", "");
    happenings.startAt(System.nanoTime());
    happenings.end(place);
    assertThat(happenings.count()).isZero();
    assertThat(happenings.all()).isEmpty();
  }

  @Test
  void aFaultLastsUntilItsEndIsEntered() {
    happenings.startAt(System.nanoTime());
    int first = happenings.begin("kill", "gpu-1", "");
    int second = happenings.begin("slow", "gpu-2", "slow=4.0");
    assertThat(happenings.all()).extracting(FaultRecord::endNanos).containsOnly(Timeline.NEVER);
    happenings.end(first);
    happenings.failed(second);
    FaultRecord ended = happenings.all().getFirst();
    assertThat(ended.endNanos()).isGreaterThanOrEqualTo(ended.atNanos());
    assertThat(happenings.all().getLast().detail()).isEqualTo("slow=4.0 could not be carried out");
  }
}
