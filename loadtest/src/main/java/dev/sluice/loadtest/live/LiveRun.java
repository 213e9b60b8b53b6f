package dev.sluice.loadtest.live;

import dev.sluice.loadtest.report.ClientHealth;
import dev.sluice.loadtest.report.Machine;
import dev.sluice.loadtest.report.RunContext;
import dev.sluice.loadtest.report.RunResult;
import dev.sluice.loadtest.workload.ClassMix;
import dev.sluice.loadtest.workload.Schedule;
import dev.sluice.loadtest.workload.ScheduleBuilder;
import java.io.PrintStream;

/** A run in real time: connect, warm up, measure, wait for the last answers. */
public final class LiveRun {
  private static final double LEAST_WARM_UP_RATE = 20;
  private static final double GREATEST_WARM_UP_RATE = 200;
  private static final long WARM_UP_DRAIN_NANOS = 10_000_000_000L;

  /** Lets the threads of the run come up before the first request is due. */
  private static final long LEAD_NANOS = 50_000_000;

  /** What the ids of the measured requests begin with. */
  public static final String LABEL = "load-";

  private final LiveSettings settings;
  private final RunContext context;
  private final NanoClock clock = NanoClock.SYSTEM;

  /** A run against a target; {@code context} goes into its result. */
  public LiveRun(LiveSettings settings, RunContext context) {
    this.settings = settings;
    this.context = context;
  }

  /** Plays a schedule and nothing beside it. */
  public RunResult play(Schedule schedule, ClassMix mix, PrintStream view)
      throws InterruptedException, TargetUnreachableException {
    return play(schedule, mix, view, Companion.NONE);
  }

  /**
   * Plays a schedule.
   *
   * @param mix classes of the warm-up's requests
   * @param view where the live line goes, if it is a terminal
   * @param companion what goes on beside it
   * @throws TargetUnreachableException when the target takes no connection
   */
  public RunResult play(Schedule schedule, ClassMix mix, PrintStream view, Companion companion)
      throws InterruptedException, TargetUnreachableException {
    RequestEncoder encoder = encoder(schedule, LABEL);
    try (Connections connections = new Connections(settings.target(), settings.connections())) {
      if (!connections.connect()) {
        throw new TargetUnreachableException(settings.target());
      }
      warmUp(schedule, mix, connections);
      LoadSession session =
          new LoadSession(schedule, connections, encoder, settings.maxInFlight(), clock, companion);
      ClientHealth client = measure(session, view, companion);
      return new RunResult(
          context, Machine.here(), schedule, session.results(), session.tokenGaps(), client);
    }
  }

  private RequestEncoder encoder(Schedule schedule, String label) {
    return new RequestEncoder(settings.model(), schedule.classes(), context.seed(), label);
  }

  private void warmUp(Schedule schedule, ClassMix mix, Connections connections)
      throws InterruptedException {
    if (settings.warmUpNanos() == 0) {
      return;
    }
    double rate = Math.clamp(schedule.meanRate(), LEAST_WARM_UP_RATE, GREATEST_WARM_UP_RATE);
    Schedule warmUp =
        new ScheduleBuilder(mix, ~context.seed()).warmUp(rate, settings.warmUpNanos());
    new LoadSession(
            warmUp,
            connections,
            encoder(warmUp, "warm-"),
            settings.maxInFlight(),
            clock,
            Companion.NONE)
        .play(clock.nanoTime(), WARM_UP_DRAIN_NANOS);
  }

  private ClientHealth measure(LoadSession session, PrintStream view, Companion companion)
      throws InterruptedException {
    // The garbage of reading the trace and warming up is not to be collected during the
    // measurement.
    System.gc();
    companion.prepares();
    long startNanos = clock.nanoTime() + LEAD_NANOS;
    ClientMonitor monitor = new ClientMonitor(clock, startNanos);
    monitor.start();
    companion.begins(startNanos);
    LiveView line = LiveView.open(session.counters(), view);
    try {
      session.play(startNanos, settings.drainNanos());
    } finally {
      line.close();
    }
    ClientHealth health = monitor.stop(settings.flagPauses());
    companion.ended(session.results());
    return health;
  }
}
