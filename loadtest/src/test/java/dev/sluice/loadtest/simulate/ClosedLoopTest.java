package dev.sluice.loadtest.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.loadtest.workload.ClassMix;
import dev.sluice.loadtest.workload.PrefixBlocks;
import dev.sluice.loadtest.workload.TraceOptions;
import dev.sluice.loadtest.workload.Turn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that wait for an answer. */
final class ClosedLoopTest {

  private static final long SECOND = 1_000_000_000L;

  @TempDir private Path folder;

  private static Arrival turn(long id, long atNanos, Turn turn) {
    return new Arrival(
        id,
        atNanos,
        100,
        10,
        SimulationFixtures.arrival(0, 0, 1, 1).demand(),
        PrefixBlocks.NONE,
        turn);
  }

  private static List<FinishedRequest> played(Arrival... arrivals) throws IOException {
    List<FinishedRequest> finished = new ArrayList<>();
    new Simulation(
            SimulationFixtures.rules(SimulationFixtures.shippedFleet(), "bid-price"),
            List.of(),
            1,
            finished::add)
        .play(ArrivalQueue.closedLoop(SimulationFixtures.source(List.of(arrivals))));
    return finished;
  }

  private static FinishedRequest of(long id, List<FinishedRequest> finished) {
    return finished.stream().filter(each -> each.arrival().id() == id).findFirst().orElseThrow();
  }

  private static long endNanos(FinishedRequest request) {
    return request.arrival().atNanos() + request.answer().totalNanos();
  }

  @Test
  void aTurnIsSentWhenTheAnswerBeforeItEndedAndItsThoughtIsOver() throws IOException {
    List<FinishedRequest> finished =
        played(
            turn(0, 0, new Turn(7, 0, -1, 0)),
            turn(1, 600 * SECOND, new Turn(7, 1, 0, 2 * SECOND)),
            turn(2, 900 * SECOND, new Turn(7, 2, 1, 3 * SECOND)));
    assertThat(finished).extracting(each -> each.arrival().id()).containsExactly(0L, 1L, 2L);
    assertThat(of(1, finished).arrival().atNanos())
        .isEqualTo(endNanos(of(0, finished)) + 2 * SECOND);
    assertThat(of(2, finished).arrival().atNanos())
        .isEqualTo(endNanos(of(1, finished)) + 3 * SECOND);
  }

  @Test
  void severalMayFollowOneAnswerAndOthersKeepTheirTime() throws IOException {
    List<FinishedRequest> finished =
        played(
            turn(0, 0, new Turn(7, 0, -1, 0)),
            turn(1, SECOND, Turn.NONE),
            turn(2, 5 * SECOND, new Turn(7, 1, 0, 10 * SECOND)),
            turn(3, 6 * SECOND, new Turn(7, 2, 0, 20 * SECOND)),
            turn(4, 7 * SECOND, new Turn(8, 0, -1, 0)));
    long endNanos = endNanos(of(0, finished));
    assertThat(of(1, finished).arrival().atNanos()).isEqualTo(SECOND);
    assertThat(of(2, finished).arrival().atNanos()).isEqualTo(endNanos + 10 * SECOND);
    assertThat(of(3, finished).arrival().atNanos()).isEqualTo(endNanos + 20 * SECOND);
    assertThat(of(4, finished).arrival().atNanos()).isEqualTo(7 * SECOND);
  }

  @Test
  void whoFollowsAnAnswerThatIsNotInTheTraceComesAsRecorded() throws IOException {
    List<FinishedRequest> finished = played(turn(0, 4 * SECOND, new Turn(7, 3, 2, SECOND)));
    assertThat(of(0, finished).arrival().atNanos()).isEqualTo(4 * SECOND);
  }

  @Test
  void aTraceWithoutAnswersToFollowIsRefused() throws IOException {
    Path file = folder.resolve("trace.csv");
    Files.writeString(
        file, "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:00:00.0000000,10,10\n");
    TraceWorkload workload =
        new TraceWorkload(
            List.of(file),
            TraceOptions.seeded(1),
            ClassMix.parse("chat=1", new LinkedHashMap<>()),
            ModelMix.of("a"),
            true);
    assertThatThrownBy(workload::summary)
        .hasMessage(
            "closed-loop: no row of trace.csv says after which answer it came (expected: some, as"
                + " in agent JSON)");
  }
}
