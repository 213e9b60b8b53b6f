package dev.sluice.loadtest.live.fault;

import dev.sluice.loadtest.live.fault.FaultPlan.PlannedAccelerator;
import dev.sluice.v1.AcceleratorControlGrpc;
import dev.sluice.v1.LedgerRequest;
import dev.sluice.v1.MisbehaveRequest;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One accelerator of the plan: a process at a time, all with one ledger. */
final class AcceleratorProcess implements AutoCloseable {

  private static final String MAIN = "dev.sluice.backends.emulated.AcceleratorMain";

  /** Quick to start and small: several of them share the machine with what is measured. */
  private static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:-UsePerfData",
          "-Xshare:auto",
          "-Xmx192m",
          "-Dio.grpc.netty.shaded.io.netty.leakDetection.level=disabled");

  /** How long a process may take to learn how to start faster. */
  private static final long TRAINING_SECONDS = 60;

  private static final long READY_SECONDS = 60;
  private static final long READY_PROBE_MILLIS = 50;

  /** A machine that is busy restarting others takes its time. */
  private static final long CONTROL_SECONDS = 5;

  private final PlannedAccelerator planned;
  private final Path ledger;
  private final Path log;
  private final Runnable died;
  private volatile List<String> flags = FLAGS;
  private final Object lock = new Object();

  // guarded by lock
  private @Nullable ChildProcess process;
  private boolean endExpected;

  /**
   * An accelerator that does not run yet.
   *
   * @param died runs when a process ends that nobody ended
   */
  AcceleratorProcess(PlannedAccelerator planned, Path folder, Runnable died) {
    this.planned = planned;
    this.ledger = folder.resolve(planned.name() + ".ledger");
    this.log = folder.resolve(planned.name() + ".log");
    this.died = died;
  }

  PlannedAccelerator planned() {
    return planned;
  }

  Path ledger() {
    return ledger;
  }

  /**
   * Lets one process write a start-up cache for all that follow, which then cost a machine that is
   * being measured half as much. Without one, as on a class path with folders, they start as well.
   */
  static void train(Iterable<AcceleratorProcess> accelerators, Path folder)
      throws IOException, InterruptedException {
    Path cache = folder.resolve("accelerator.aot");
    List<String> training = new ArrayList<>(FLAGS);
    training.add("-XX:AOTCacheOutput=" + cache);
    for (AcceleratorProcess each : accelerators) {
      List<String> arguments =
          List.of("serve", "--profile", each.planned.profile().name(), "--port", "0", "--rehearse");
      ChildProcess trainee =
          ChildProcess.start(MAIN, training, arguments, folder.resolve("training.log"));
      if (!trainee.awaitExit(TimeUnit.SECONDS.toNanos(TRAINING_SECONDS))) {
        trainee.kill();
      }
      break;
    }
    if (Files.isRegularFile(cache)) {
      List<String> trained = new ArrayList<>(FLAGS);
      trained.add("-XX:AOTCache=" + cache);
      accelerators.forEach(each -> each.flags = List.copyOf(trained));
    }
  }

  /** Starts a process and waits until it serves; false when it ended before. */
  boolean start() throws IOException, InterruptedException {
    launch();
    return awaitReady();
  }

  /** Starts a process. */
  void launch() throws IOException {
    ChildProcess started = ChildProcess.start(MAIN, flags, arguments(), log);
    synchronized (lock) {
      process = started;
      endExpected = false;
    }
    started.onExit(() -> ended(started));
  }

  private List<String> arguments() {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "serve",
                "--profile",
                planned.profile().name(),
                "--port",
                Integer.toString(planned.port()),
                "--speed",
                Double.toString(planned.speed()),
                "--ledger",
                ledger.toString()));
    if (!planned.behaviour().isEmpty()) {
      arguments.addAll(
          List.of(
              "--misbehave",
              planned.behaviour(),
              "--misbehave-share",
              Double.toString(planned.share())));
    }
    return arguments;
  }

  private void ended(ChildProcess ended) {
    boolean byItself;
    synchronized (lock) {
      byItself = ended == process && !endExpected;
      endExpected = true;
    }
    if (byItself) {
      died.run();
    }
  }

  /** Waits until the process serves; false when it ended before. */
  boolean awaitReady() throws InterruptedException {
    long untilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
    while (isAlive() && System.nanoTime() < untilNanos) {
      if (isServing()) {
        return true;
      }
      Thread.sleep(READY_PROBE_MILLIS);
    }
    return false;
  }

  private boolean isServing() throws InterruptedException {
    try {
      return control(
          stub -> {
            var _ = stub.ledger(LedgerRequest.getDefaultInstance());
          });
    } catch (StatusRuntimeException _) {
      return false;
    }
  }

  /** SIGKILL; the end is expected. */
  void kill() {
    ChildProcess running = expectEnd();
    if (running != null) {
      running.kill();
    }
  }

  /** SIGTERM, and waits until it has ended. */
  void drain(long limitNanos) throws InterruptedException {
    ChildProcess running = expectEnd();
    if (running != null) {
      running.terminate();
      if (!running.awaitExit(limitNanos)) {
        running.kill();
      }
    }
  }

  private @Nullable ChildProcess expectEnd() {
    synchronized (lock) {
      endExpected = true;
      return process;
    }
  }

  void freeze() throws IOException, InterruptedException {
    ChildProcess running = running();
    if (running != null) {
      running.freeze();
    }
  }

  void thaw() throws IOException, InterruptedException {
    ChildProcess running = running();
    if (running != null) {
      running.thaw();
    }
  }

  boolean isAlive() {
    return aliveId() != 0;
  }

  /** Id of the process that runs; 0 when none does. */
  long aliveId() {
    ChildProcess running = running();
    return running != null && running.isAlive() ? running.id() : 0;
  }

  private @Nullable ChildProcess running() {
    synchronized (lock) {
      return process;
    }
  }

  /** Tells the process how to behave; empty: well, or as it began. */
  void tell(String behaviour, double share) throws InterruptedException {
    boolean begins = behaviour.isEmpty();
    MisbehaveRequest.Builder request =
        MisbehaveRequest.newBuilder().setBehaviour(begins ? planned.behaviour() : behaviour);
    request.setShare(begins ? planned.share() : share);
    var _ =
        control(
            stub -> {
              var _ = stub.misbehave(request.build());
            });
  }

  /** What is asked of the process's control. */
  private interface Ask {
    void of(AcceleratorControlGrpc.AcceleratorControlBlockingStub stub);
  }

  private boolean control(Ask ask) throws InterruptedException {
    ManagedChannel channel =
        Grpc.newChannelBuilder("127.0.0.1:" + planned.port(), InsecureChannelCredentials.create())
            .build();
    try {
      ask.of(
          AcceleratorControlGrpc.newBlockingStub(channel)
              .withDeadlineAfter(CONTROL_SECONDS, TimeUnit.SECONDS));
      return true;
    } finally {
      channel.shutdownNow();
    }
  }

  @Override
  public void close() {
    kill();
  }

  @Override
  public String toString() {
    return "AcceleratorProcess[" + planned.name() + ", " + running() + "]";
  }
}
