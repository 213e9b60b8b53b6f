package dev.sluice.loadtest.live;

import static dev.sluice.loadtest.live.FakeInference.admitted;
import static dev.sluice.loadtest.live.FakeInference.failure;
import static dev.sluice.loadtest.live.FakeInference.finished;
import static dev.sluice.loadtest.live.FakeInference.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.report.Forecast;
import dev.sluice.loadtest.report.RequestResult;
import dev.sluice.loadtest.report.RunContext;
import dev.sluice.loadtest.report.RunResult;
import dev.sluice.loadtest.workload.ArrivalProcess;
import dev.sluice.loadtest.workload.ClassMix;
import dev.sluice.loadtest.workload.Schedule;
import dev.sluice.loadtest.workload.ScheduleBuilder;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.GenerateResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("times what other work on the machine would delay")
final class LiveRunTest {
  private static final long SECOND = 1_000_000_000L;
  private static final ClassMix CHAT = ClassMix.parse("chat=1", Map.of());

  @Tag("thorough")
  @Test
  void aServerFrozenForFiveSecondsCostsTheArrivalsOfThoseFiveSeconds() throws Exception {
    aFrozenServerCostsTheArrivalsOfThatTime(5);
  }

  @Test
  void aServerFrozenForASecondCostsTheArrivalsOfThatSecond() throws Exception {
    aFrozenServerCostsTheArrivalsOfThatTime(1);
  }

  private static void aFrozenServerCostsTheArrivalsOfThatTime(int seconds) throws Exception {
    int thawing = 50 + 100 * seconds;
    Queue<Runnable> held = new ConcurrentLinkedQueue<>();
    AtomicInteger arrivals = new AtomicInteger();
    // A hundred arrive in a second. One that comes so many seconds after request 50 thaws the
    // server: only a client that sends on without answers ever gets there.
    FakeInference.Script script =
        (request, caller) -> {
          int arrival = arrivals.getAndIncrement();
          if (arrival >= 50 && arrival < thawing) {
            held.add(() -> FakeInference.answer(request, caller));
            return;
          }
          for (Runnable each = held.poll(); each != null; each = held.poll()) {
            each.run();
          }
          FakeInference.answer(request, caller);
        };
    RunResult result =
        play(script, constant(100, (seconds + 1) * SECOND), settings(10_000, 5 * SECOND));
    assertThat(result.results()).hasSize(99 + 100 * seconds);
    long[] ttfts =
        result.results().stream()
            .mapToLong(each -> each.times().firstTokenNanos() - each.times().intendedNanos())
            .sorted()
            .toArray();
    assertThat(ttfts[(int) (0.99 * ttfts.length)])
        .isBetween(seconds * 96L * SECOND / 100, (2L * seconds + 1) * SECOND / 2);
    // the one in the middle of those that were held
    assertThat(ttfts[99 + 50 * seconds])
        .isBetween(seconds * 48L * SECOND / 100, (seconds + 3L) * SECOND / 2);
  }

  /**
   * How late is a figure of the report, judged there; here only that none is early and they do not
   * wait for each other.
   */
  @Test
  void requestsAreSentAtTheirTimes() throws Exception {
    RunResult result =
        play(FakeInference::answer, constant(500, SECOND), settings(10_000, 5 * SECOND));
    long[] late =
        result.results().stream()
            .mapToLong(each -> each.times().sentNanos() - each.times().intendedNanos())
            .sorted()
            .toArray();
    assertThat(late[0]).isNotNegative();
    assertThat(late[late.length / 2]).isLessThan(SECOND / 2);
  }

  @Test
  void requestsOverTheBoundAreNotSentAndOpenOnesEndWithTheRun() throws Exception {
    RunResult result = play((_, _) -> {}, constant(100, SECOND / 5), settings(5, 100_000_000));
    assertThat(endings(result))
        .containsOnly("CANCELLED RUN_ENDED", "NOT_SENT IN_FLIGHT_BOUND")
        .filteredOn(ending -> ending.startsWith("CANCELLED"))
        .hasSize(5);
    assertThat(result.results()).noneMatch(RequestResult::attained);
  }

  @Test
  void everyWayToEndIsToldApart() throws Exception {
    List<FakeInference.Script> scripts =
        List.of(
            FakeInference::answer,
            failing(Status.UNAVAILABLE, "BUDGET_UNATTAINABLE"),
            failing(Status.OUT_OF_RANGE, "BUDGET_BELOW_FLOOR"),
            failing(Status.RESOURCE_EXHAUSTED, "QUOTA_EXCEEDED"),
            failing(Status.DEADLINE_EXCEEDED, "DEADLINE_EXPIRED"),
            failing(Status.UNAVAILABLE, "BACKEND_STALLED"),
            (_, caller) -> caller.onError(Status.UNAVAILABLE.asRuntimeException()),
            events(request -> List.of(admitted(request), run(0, 2))),
            events(request -> List.of(admitted(request), run(0, 2), finished(request, 4))),
            events(
                request -> List.of(admitted(request), run(1, 1), run(0, 1), finished(request, 2))),
            events(request -> List.of(admitted(request), finished(request, 0))),
            events(_ -> List.of(GenerateResponse.getDefaultInstance())));
    AtomicInteger next = new AtomicInteger();
    Schedule schedule = constant(100, scripts.size() * SECOND / 100 + 1);
    RunResult result =
        play(
            (request, caller) -> scripts.get(next.getAndIncrement()).serve(request, caller),
            schedule,
            settings(100, 5 * SECOND));
    assertThat(endings(result))
        .containsExactly(
            "COMPLETED ",
            "REFUSED BUDGET_UNATTAINABLE",
            "REFUSED BUDGET_BELOW_FLOOR",
            "REFUSED QUOTA_EXCEEDED",
            "EXPIRED DEADLINE_EXPIRED",
            "BROKEN BACKEND_STALLED",
            "BROKEN UNAVAILABLE",
            "BROKEN NO_FINISHED",
            "BROKEN TOKENS_DAMAGED",
            "BROKEN TOKENS_DAMAGED",
            "BROKEN EMPTY_ANSWER",
            "BROKEN UNREADABLE_MESSAGE");
  }

  @Test
  void theAnswerTellsWhoServedAndWhatWasForecast() throws Exception {
    RunResult result =
        play(FakeInference::answer, constant(100, SECOND / 10), settings(100, 5 * SECOND));
    RequestResult first = result.results().getFirst();
    assertThat(first.placement().backend()).isEqualTo("gpu-1");
    assertThat(first.placement().accelerator()).isEqualTo("GPU");
    assertThat(first.forecast())
        .isEqualTo(new Forecast(1_000_000, 10_000, 0, 0.9, 2_000_000, 15_000));
    assertThat(first.account()).isNotNull();
    assertThat(first.times().closedNanos()).isGreaterThanOrEqualTo(first.times().lastTokenNanos());
    assertThat(first.tokens().received()).isEqualTo(first.request().outputTokens());
  }

  private static FakeInference.Script failing(Status status, String reason) {
    return (_, caller) -> caller.onError(failure(status, reason));
  }

  private static FakeInference.Script events(
      Function<GenerateRequest, List<GenerateResponse>> events) {
    return (GenerateRequest request, StreamObserver<GenerateResponse> caller) -> {
      events.apply(request).forEach(caller::onNext);
      caller.onCompleted();
    };
  }

  private static List<String> endings(RunResult result) {
    return result.results().stream()
        .map(each -> each.ending().outcome() + " " + each.ending().reason())
        .toList();
  }

  private static Schedule constant(double rate, long durationNanos) {
    return new ScheduleBuilder(CHAT, 1)
        .synthetic(new ArrivalProcess.Constant(), rate, durationNanos);
  }

  private static LiveSettings settings(int maxInFlight, long drainNanos) {
    return new LiveSettings("replaced", "some-model", 1, maxInFlight, 0, drainNanos, false);
  }

  private static RunResult play(
      FakeInference.Script script, Schedule schedule, LiveSettings settings) throws Exception {
    try (FakeInference server = new FakeInference(script);
        PrintStream nowhere =
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      LiveSettings aimed =
          new LiveSettings(
              server.target(),
              settings.model(),
              settings.connections(),
              settings.maxInFlight(),
              settings.warmUpNanos(),
              settings.drainNanos(),
              settings.flagPauses());
      RunContext context =
          new RunContext("live", "test", aimed.target(), aimed.model(), 1, "", null);
      return new LiveRun(aimed, context).play(schedule, CHAT, nowhere);
    }
  }
}
