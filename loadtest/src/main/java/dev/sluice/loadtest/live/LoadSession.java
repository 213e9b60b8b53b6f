package dev.sluice.loadtest.live;

import dev.sluice.loadtest.report.Ending;
import dev.sluice.loadtest.report.Outcome;
import dev.sluice.loadtest.report.Placement;
import dev.sluice.loadtest.report.RequestResult;
import dev.sluice.loadtest.report.Timeline;
import dev.sluice.loadtest.report.TokenTally;
import dev.sluice.loadtest.workload.Schedule;
import dev.sluice.loadtest.workload.ScheduledRequest;
import dev.sluice.loadtest.workload.ServiceClass;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.AtomicHistogram;
import org.jspecify.annotations.Nullable;

/** One schedule played against the target, and what became of each request. */
final class LoadSession implements Pacer.Line, StreamCall.Session {
  private static final long HARD_DEADLINE_NANOS = 600_000_000_000L;
  private static final int CANCEL_SECONDS = 10;

  /** 1 µs … 1 h at three significant digits. */
  private static final long LOWEST_NANOS = 1_000;

  private static final long HIGHEST_NANOS = 3_600_000_000_000L;

  private final Schedule schedule;
  private final Connections connections;
  private final RequestEncoder encoder;
  private final int maxInFlight;
  private final NanoClock clock;
  private final Companion companion;
  private final LiveCounters counters = new LiveCounters();
  private final Map<String, AtomicHistogram> tokenGaps = new LinkedHashMap<>();
  private final AtomicReferenceArray<RequestResult> results;
  private final CountDownLatch open;
  private final @Nullable StreamCall[] calls;

  private long startNanos;
  private byte[] message = new byte[0];
  private @Nullable ScheduledRequest prepared;

  LoadSession(
      Schedule schedule,
      Connections connections,
      RequestEncoder encoder,
      int maxInFlight,
      NanoClock clock,
      Companion companion) {
    this.schedule = schedule;
    this.companion = companion;
    this.connections = connections;
    this.encoder = encoder;
    this.maxInFlight = maxInFlight;
    this.clock = clock;
    int requests = schedule.requests().size();
    results = new AtomicReferenceArray<>(requests);
    open = new CountDownLatch(requests);
    calls = new StreamCall[requests];
    for (ServiceClass each : schedule.classes()) {
      tokenGaps.put(each.name(), new AtomicHistogram(LOWEST_NANOS, HIGHEST_NANOS, 3));
    }
  }

  /** Plays the schedule from an instant on; returns when every request has a result. */
  void play(long atNanos, long drainNanos) throws InterruptedException {
    startNanos = atNanos;
    new Pacer(clock).run(schedule, atNanos, this);
    if (open.await(drainNanos, TimeUnit.NANOSECONDS)) {
      return;
    }
    for (int index = 0; index < calls.length; index++) {
      StreamCall call = calls[index];
      if (call != null && results.get(index) == null) {
        call.endWithRun();
      }
    }
    if (!open.await(CANCEL_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("calls left open after the run: " + open.getCount());
    }
  }

  @Override
  public void prepare(ScheduledRequest request) {
    prepared = request;
    message = encoder.encode(request);
  }

  @Override
  public void dispatch() {
    ScheduledRequest request = prepared;
    if (request == null) {
      throw new IllegalStateException("nothing prepared (expected: a request)");
    }
    if (counters.inFlight() >= maxInFlight) {
      finish(notSent(request));
      return;
    }
    counters.sent();
    long total = request.serviceClass().budget().totalNanos();
    StreamCall call =
        new StreamCall(
            request,
            connections.newCall(request.index(), total > 0 ? total : HARD_DEADLINE_NANOS),
            this,
            clock,
            startNanos);
    calls[request.index()] = call;
    call.watchedBy(companion.witness(request, message));
    call.start(message);
  }

  private static RequestResult notSent(ScheduledRequest request) {
    return new RequestResult(
        request,
        new Ending(Outcome.NOT_SENT, "IN_FLIGHT_BOUND"),
        Timeline.notSent(request.intendedNanos()),
        TokenTally.NONE,
        Placement.NOWHERE,
        null,
        null);
  }

  @Override
  public void recordTokens(ScheduledRequest request, long gapNanos, int tokens) {
    AtomicHistogram histogram = tokenGaps.get(request.serviceClass().name());
    if (histogram != null) {
      histogram.recordValueWithCount(Math.min(gapNanos, HIGHEST_NANOS), tokens);
    }
  }

  @Override
  public void finished(RequestResult result) {
    counters.closed();
    finish(result);
  }

  private void finish(RequestResult result) {
    counters.finished(result);
    results.set(result.request().index(), result);
    open.countDown();
  }

  LiveCounters counters() {
    return counters;
  }

  List<RequestResult> results() {
    List<RequestResult> all = new ArrayList<>(results.length());
    for (int index = 0; index < results.length(); index++) {
      RequestResult result = results.get(index);
      if (result != null) {
        all.add(result);
      }
    }
    return all;
  }

  Map<String, AbstractHistogram> tokenGaps() {
    return new LinkedHashMap<>(tokenGaps);
  }
}
