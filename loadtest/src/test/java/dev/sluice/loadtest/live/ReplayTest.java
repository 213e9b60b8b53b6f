package dev.sluice.loadtest.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.PublishedTraces;
import dev.sluice.loadtest.report.Outcome;
import dev.sluice.loadtest.workload.ClassMix;
import dev.sluice.loadtest.workload.Schedule;
import dev.sluice.loadtest.workload.ScheduleBuilder;
import dev.sluice.loadtest.workload.ScheduledRequest;
import dev.sluice.loadtest.workload.Trace;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.GenerateResponse;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replay of the first minutes of each trace at full speed: what is intended is what arrives. */
final class ReplayTest {
  private static final long FIVE_MINUTES_NANOS = 300_000_000_000L;

  private final LongAdder inputTokens = new LongAdder();

  @BeforeAll
  static void tracesAreThere() {
    PublishedTraces.assumePresent();
  }

  @Test
  void everyRequestOfTheSmallestTraceArrivesInItsLength() throws Exception {
    everyRequestOfATraceArrivesInItsLength("azure-llm-2023-code.csv");
  }

  @Tag("thorough")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "azure-llm-2023-conv-first40min.csv",
        "mooncake-fast25-conversation-first40min.jsonl",
        "mooncake-fast25-synthetic.jsonl",
        "servegen-deepseek-r1-sampled-02h-03h.csv"
      })
  void everyRequestOfATraceArrivesInItsLength(String file) throws Exception {
    Trace trace = Trace.read(PublishedTraces.file(file), 1);
    Schedule schedule =
        new ScheduleBuilder(ClassMix.parse("chat=1", Map.of()), 1)
            .fromTrace(trace, OptionalDouble.empty(), OptionalLong.of(FIVE_MINUTES_NANOS));
    try (FakeInference server = new FakeInference(this::answerAtOnce);
        Connections connections = new Connections(server.target(), 2)) {
      RequestEncoder encoder = new RequestEncoder("some-model", schedule.classes(), 1, "load-");
      LoadSession session =
          new LoadSession(
              schedule, connections, encoder, 100_000, new HurriedClock(), Companion.NONE);
      session.play(0, 60_000_000_000L);
      assertThat(session.results()).hasSameSizeAs(schedule.requests());
      assertThat(session.results())
          .allMatch(result -> result.ending().outcome() == Outcome.COMPLETED);
    }
    assertThat(inputTokens.sum())
        .isEqualTo(schedule.requests().stream().mapToLong(ScheduledRequest::inputTokens).sum());
  }

  private void answerAtOnce(GenerateRequest request, StreamObserver<GenerateResponse> caller) {
    inputTokens.add(request.getTokens().getIdsCount());
    int tokens = request.getSampling().getMaxOutputTokens();
    caller.onNext(FakeInference.admitted(request));
    caller.onNext(FakeInference.run(0, tokens));
    caller.onNext(FakeInference.finished(request, tokens));
    caller.onCompleted();
  }

  /** A clock that is always at the instant that is awaited. */
  private static final class HurriedClock implements NanoClock {
    private volatile long nowNanos;

    @Override
    public long nanoTime() {
      return nowNanos;
    }

    @Override
    public void awaitNanoTime(long instantNanos) {
      nowNanos = instantNanos;
    }
  }
}
