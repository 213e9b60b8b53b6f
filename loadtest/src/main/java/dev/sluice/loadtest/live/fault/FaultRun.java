package dev.sluice.loadtest.live.fault;

import dev.sluice.loadtest.live.Companion;
import dev.sluice.loadtest.live.LiveRun;
import dev.sluice.loadtest.live.Witness;
import dev.sluice.loadtest.report.BackendEntry;
import dev.sluice.loadtest.report.FaultObservation;
import dev.sluice.loadtest.report.GatewayBooks;
import dev.sluice.loadtest.report.RequestResult;
import dev.sluice.loadtest.report.Testimony;
import dev.sluice.loadtest.workload.ScheduledRequest;
import dev.sluice.loadtest.workload.ServiceClass;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out a plan beside a run: owns the accelerators, does to them what is planned, and asks
 * everybody for their books afterwards.
 *
 * <p>One thread keeps the plan's time; each deed has a virtual thread of its own, so that one that
 * takes long, such as a restart, delays no other.
 */
public final class FaultRun implements Companion, AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(FaultRun.class);

  private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(40);

  /** How long the books may take to come to rest after the last answer. */
  private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final long SETTLE_PROBE_MILLIS = 50;

  private final FaultPlan plan;
  private final String model;
  private final Happenings happenings = new Happenings();
  private final Map<String, AcceleratorProcess> accelerators = new LinkedHashMap<>();
  private final Map<Integer, AnswerWitness> witnesses = new ConcurrentHashMap<>();
  private final GatewayMetrics metrics;
  private final Thread timekeeper =
      Thread.ofPlatform().name("faults").daemon().unstarted(this::keepTime);
  private @Nullable GatewayProcess gateway;
  private @Nullable GatewayBooks before;
  private @Nullable FaultObservation observation;
  private volatile boolean ended;

  private FaultRun(FaultPlan plan, String model, Path folder) {
    this.plan = plan;
    this.model = model;
    metrics = new GatewayMetrics(plan.gateway().admin());
    for (FaultPlan.PlannedAccelerator each : plan.accelerators()) {
      accelerators.put(each.name(), new AcceleratorProcess(each, folder, () -> died(each.name())));
    }
  }

  /**
   * Starts the accelerators of {@code plan} and, if wanted, a gateway before them.
   *
   * @param model what the requests ask for
   * @param classes the requests' classes, for the gateway's configuration
   * @param folder for ledgers, logs and the configuration
   * @param ownGateway whether to start a gateway; else there is one
   */
  public static FaultRun start(
      FaultPlan plan, String model, List<ServiceClass> classes, Path folder, boolean ownGateway)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    FaultRun run = new FaultRun(plan, model, folder);
    try {
      if (plan.isRestless()) {
        AcceleratorProcess.train(run.accelerators.values(), folder);
      }
      for (AcceleratorProcess each : run.accelerators.values()) {
        Files.deleteIfExists(each.ledger());
        each.launch();
      }
      for (AcceleratorProcess each : run.accelerators.values()) {
        if (!each.awaitReady()) {
          throw new IOException(
              each.planned().name() + " did not come up (expected: serving; see its log)");
        }
      }
      if (ownGateway) {
        run.gateway = GatewayProcess.start(plan, classes, folder, run.metrics);
      }
      return run;
    } catch (IOException | InterruptedException | RuntimeException e) {
      run.close();
      throw e;
    }
  }

  // ---- beside the run

  @Override
  public void prepares() throws InterruptedException {
    before = books();
  }

  @Override
  public void begins(long startNanos) {
    happenings.startAt(startNanos);
    timekeeper.start();
  }

  @Override
  public @Nullable Witness witness(ScheduledRequest request, byte[] message) {
    AnswerWitness witness = new AnswerWitness(happenings, model, message);
    witnesses.put(request.index(), witness);
    return witness;
  }

  @Override
  public void ended(List<RequestResult> results) throws InterruptedException {
    ended = true;
    LockSupport.unpark(timekeeper);
    timekeeper.join();
    for (AcceleratorProcess each : accelerators.values()) {
      undisturbed(() -> each.thaw());
    }
    settle();
    GatewayBooks after = books();
    Map<Integer, Testimony> testimonies = new HashMap<>();
    witnesses.forEach((index, witness) -> testimonies.put(index, witness.testimony()));
    observation =
        new FaultObservation(
            plan.file(),
            LiveRun.LABEL,
            happenings.all(),
            testimonies,
            before == null || after == null ? null : after.since(before),
            entries());
  }

  /** What was done and what all sides wrote down; only after the run has ended. */
  public FaultObservation observation() {
    if (observation == null) {
      throw new IllegalStateException("observation: none (expected: a run that has ended)");
    }
    return observation;
  }

  private @Nullable GatewayBooks books() throws InterruptedException {
    try {
      return metrics.read();
    } catch (IOException e) {
      logger.warn("the gateway's books cannot be read: {}", e.getMessage());
      return null;
    }
  }

  /** Waits until nothing is under way any more, or for as long as is decent. */
  private void settle() throws InterruptedException {
    long untilNanos = System.nanoTime() + SETTLE_NANOS;
    while (System.nanoTime() < untilNanos) {
      GatewayBooks now = books();
      boolean resting = now == null || now.inFlight() == 0;
      if (resting && entries().stream().noneMatch(each -> each.end() == BackendEntry.End.RUNNING)) {
        return;
      }
      Thread.sleep(SETTLE_PROBE_MILLIS);
    }
  }

  private List<BackendEntry> entries() {
    List<BackendEntry> entries = new ArrayList<>();
    for (AcceleratorProcess each : accelerators.values()) {
      try {
        entries.addAll(
            LedgerReader.read(each.ledger(), each.planned().name(), LiveRun.LABEL, each.aliveId()));
      } catch (IOException e) {
        throw new IllegalStateException("books of " + each.planned().name(), e);
      }
    }
    return entries;
  }

  // ---- the plan

  private void keepTime() {
    for (FaultEvent event : plan.events()) {
      while (!ended && happenings.sinceStart() < event.atNanos()) {
        LockSupport.parkNanos(event.atNanos() - happenings.sinceStart());
      }
      if (ended) {
        return;
      }
      AcceleratorProcess target = accelerators.get(event.target());
      if (target != null) {
        Thread.ofVirtual().name("fault").start(() -> undisturbed(() -> carryOut(event, target)));
      }
    }
  }

  private void carryOut(FaultEvent event, AcceleratorProcess target)
      throws IOException, InterruptedException {
    switch (event) {
      case FaultEvent.Kill kill -> {
        int place = happenings.begin(kill.word(), kill.target(), "");
        target.kill();
        restart(target, kill.restartNanos(), place);
      }
      case FaultEvent.Drain drain -> {
        int place = happenings.begin(drain.word(), drain.target(), "");
        target.drain(DRAIN_NANOS);
        restart(target, drain.restartNanos(), place);
      }
      case FaultEvent.Freeze freeze -> {
        // the signal is sent by a process of its own, which takes a while: what arrives meanwhile
        // is
        // no sign of life
        target.freeze();
        int place = happenings.begin(freeze.word(), freeze.target(), "");
        sleep(freeze.lengthNanos());
        target.thaw();
        happenings.end(place);
      }
      case FaultEvent.Misbehave misbehave -> {
        int place = happenings.begin(misbehave.word(), misbehave.target(), misbehave.behaviour());
        try {
          target.tell(misbehave.behaviour(), misbehave.share());
        } catch (StatusRuntimeException e) {
          happenings.failed(place);
          throw e;
        }
        if (misbehave.lengthNanos() > 0) {
          sleep(misbehave.lengthNanos());
          target.tell("", 1);
          happenings.end(place);
        }
      }
    }
  }

  /** A process ended that nobody ended: it was told to die, or it broke. */
  private void died(String name) {
    AcceleratorProcess accelerator = accelerators.get(name);
    if (accelerator == null || ended) {
      return;
    }
    int place = happenings.begin("died", name, accelerator.planned().behaviour());
    Thread.ofVirtual()
        .name("revive")
        .start(
            () ->
                undisturbed(
                    () -> restart(accelerator, accelerator.planned().reviveNanos(), place)));
  }

  private void restart(AcceleratorProcess accelerator, long afterNanos, int place)
      throws IOException, InterruptedException {
    if (afterNanos == 0) {
      return;
    }
    sleep(afterNanos);
    if (!ended && accelerator.start()) {
      happenings.end(place);
    }
  }

  private static void sleep(long nanos) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(nanos);
  }

  /** What is done to an accelerator. */
  private interface Deed {
    void run() throws IOException, InterruptedException;
  }

  /** A deed that fails is told and harms no other: the process may be gone by another's hand. */
  private static void undisturbed(Deed deed) {
    try {
      deed.run();
    } catch (IOException | StatusRuntimeException e) {
      logger.warn("a planned fault could not be carried out: {}", e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    ended = true;
    if (gateway != null) {
      gateway.close();
    }
    accelerators.values().forEach(AcceleratorProcess::close);
    metrics.close();
  }

  @Override
  public String toString() {
    return "FaultRun[" + plan.file() + ", " + happenings.count() + " faults]";
  }
}
