package dev.sluice.loadtest.live.fault;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A Java process that the load tester started and ends, whatever becomes of itself. */
final class ChildProcess {

  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    // an interrupted run must leave nothing behind that holds a port
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(() -> RUNNING.forEach(process -> process.destroyForcibly())));
  }

  private final Process process;

  private ChildProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts a main class with this JVM and this class path.
   *
   * @param log file to which all that it says is appended
   */
  static ChildProcess start(String mainClass, List<String> flags, List<String> arguments, Path log)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(flags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(mainClass);
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    RUNNING.add(process);
    CompletableFuture<Void> _ = process.onExit().thenAccept(RUNNING::remove);
    return new ChildProcess(process);
  }

  long id() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Runs {@code task} once it has ended. */
  void onExit(Runnable task) {
    CompletableFuture<Void> _ = process.onExit().thenRun(task);
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** SIGSTOP. */
  void freeze() throws IOException, InterruptedException {
    signal("-STOP");
  }

  /** SIGCONT. */
  void thaw() throws IOException, InterruptedException {
    signal("-CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", name, Long.toString(process.pid())).start();
    if (kill.waitFor() != 0 && process.isAlive()) {
      throw new IOException("kill " + name + " " + process.pid() + ": exit " + kill.exitValue());
    }
  }

  boolean awaitExit(long limitNanos) throws InterruptedException {
    return process.waitFor(limitNanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public String toString() {
    return "ChildProcess[" + process.pid() + (isAlive() ? "" : ", ended") + "]";
  }
}
