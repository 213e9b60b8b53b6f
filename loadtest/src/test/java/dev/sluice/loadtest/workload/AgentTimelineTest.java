package dev.sluice.loadtest.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AgentTimelineTest {
  private static final long SECOND = 1_000_000_000L;

  @TempDir Path folder;

  @Test
  void rowsFollowEachOtherAfterTheRecordedThought() throws IOException {
    List<TraceRow> rows =
        rows(call(0, 5, "3.5"), call(19, 2, "12"), call(30, 1, "null"), call(33, 0, "1"));
    assertThat(rows)
        .extracting(TraceRow::atNanos)
        .containsExactly(0L, 19 * SECOND, 30 * SECOND, 33 * SECOND);
    assertThat(rows).extracting(row -> row.turn().previous()).containsExactly(-1, 0, 1, 2);
    assertThat(rows)
        .extracting(row -> row.turn().thinkNanos())
        .containsExactly(0L, 12 * SECOND, 9 * SECOND, SECOND);
  }

  @Test
  void nestedAgentsStartAfterTheirStarterAndTheLastOneDoneIsAwaited() throws IOException {
    List<TraceRow> rows =
        rows(
            call(0, 10, "0"),
            agent(60, 49_000, call(0, 4, "0"), call(10, 39, "6")),
            agent(31, 20_000, call(0, 19, "0")),
            call(62, 1, "52"));
    assertThat(rows)
        .extracting(TraceRow::atNanos)
        .containsExactly(0L, 11 * SECOND, 11 * SECOND, 21 * SECOND, 62 * SECOND);
    assertThat(rows).extracting(row -> row.turn().previous()).containsExactly(-1, 0, 0, 1, 3);
    assertThat(rows)
        .extracting(row -> row.turn().thinkNanos())
        .containsExactly(0L, SECOND, SECOND, 6 * SECOND, 2 * SECOND);
    assertThat(rows.stream().map(row -> row.turn().conversation()).distinct()).hasSize(1);
  }

  @Test
  void aRowThatCannotBeSentIsDroppedAndItsFollowerFollowsTheOneBefore() throws IOException {
    String lines =
        conversation(
            call(0, 5, "0"), call(10, 1, "5").replace("\"in\":100", "\"in\":0"), call(20, 1, "9"));
    Trace trace = Trace.read(Files.writeString(folder.resolve("trace"), lines), 1);
    assertThat(trace.summary().rows().drops())
        .containsExactly(
            "trace:1: bad length: request 2 of a: 0 tokens in 0 blocks, 7 tokens out (expected: 1"
                + " …, 0 …)");
    assertThat(trace.rows().get(1).turn().previous()).isZero();
  }

  @Test
  void timesOfANestedAgentMayCountOnFromThoseOfItsStarter() throws IOException {
    List<TraceRow> rows = rows(call(0, 10, "0"), agent(15, 0, call(15, 4, "0")), call(62, 1, "52"));
    assertThat(rows).extracting(TraceRow::atNanos).containsExactly(0L, 15 * SECOND, 62 * SECOND);
  }

  private List<TraceRow> rows(String... requests) throws IOException {
    Path file = Files.writeString(folder.resolve("trace"), conversation(requests));
    return Trace.read(file, 1).rows();
  }

  private static String conversation(String... requests) {
    return "{\"id\":\"a\",\"block_size\":64,\"requests\":[" + String.join(",", requests) + "]}\n";
  }

  private static String call(double at, double service, String think) {
    return "{\"t\":%s,\"in\":100,\"out\":7,\"api_time\":%s,\"think_time\":%s}"
        .formatted(at, service, think);
  }

  private static String agent(double end, int durationMillis, String... requests) {
    return "{\"t\":%s,\"type\":\"subagent\",\"duration_ms\":%d,\"requests\":[%s]}"
        .formatted(end, durationMillis, String.join(",", requests));
  }
}
