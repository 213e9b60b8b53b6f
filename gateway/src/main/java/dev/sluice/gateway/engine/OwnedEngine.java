package dev.sluice.gateway.engine;

import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.gateway.time.NanoClock;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One engine: runs on a thread of its own from its first start to its last end.
 *
 * <p>That thread starts every process and outlives it, as {@link Tether} asks for.
 */
final class OwnedEngine {

  private static final Logger LOG = LoggerFactory.getLogger(OwnedEngine.class);

  private final String name;
  private final List<String> command;
  private final Terms terms;
  private final @Nullable Path log;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable Process process;

  /**
   * What engines have in common.
   *
   * @param places where paths begin, and where engines run
   * @param tether what ties them to the gateway
   * @param backoff how long one stays ended after its first end
   * @param graceNanos how long one may take to end after SIGTERM
   * @param clock the time
   */
  record Terms(
      Installation.Places places,
      Tether tether,
      Backoff backoff,
      long graceNanos,
      NanoClock clock) {}

  OwnedEngine(GatewayConfig.Engine engine, Path program, Terms terms) {
    GatewayConfig.Start start = engine.start();
    name = "engine of " + engine.backend();
    command = new ArrayList<>(List.of(program.toString()));
    command.addAll(start.arguments());
    String logged = start.log();
    log = logged == null ? null : terms.places().resolve(logged);
    this.terms = terms;
    thread =
        Thread.ofPlatform().name("sluice-engine-" + engine.backend()).daemon().unstarted(this::run);
  }

  void begin() {
    thread.start();
  }

  /** SIGTERM, and no further start. */
  void end() {
    ended.countDown();
    Process running = process;
    if (running != null) {
      running.destroy();
    }
  }

  /** Waits until it has ended; kills it after {@code graceNanos}. Asked for after {@link #end}. */
  void awaitEnd(long graceNanos) throws InterruptedException {
    if (thread.join(Duration.ofNanos(Math.max(0, graceNanos)))) {
      return;
    }
    Process running = process;
    if (running != null) {
      LOG.warn("{} goes on after SIGTERM and is killed", name);
      // who is not tethered has no group that could be cleared
      running.descendants().forEach(ProcessHandle::destroyForcibly);
      running.destroyForcibly();
      thread.join();
    }
  }

  private void run() {
    Backoff backoff = terms.backoff();
    try {
      while (!isEnded()) {
        long begunNanos = terms.clock().nanoTime();
        String outcome = runOnce();
        if (isEnded()) {
          LOG.info("{} {}", name, outcome);
          return;
        }
        backoff = backoff.after(terms.clock().nanoTime() - begunNanos);
        LOG.warn("{} {}; it is started again in {} ms", name, outcome, backoff.nanos() / 1_000_000);
        boolean _ = ended.await(backoff.nanos(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // nobody does so; the engine ends with its thread
    }
  }

  private boolean isEnded() {
    return ended.getCount() == 0;
  }

  /** From a start to the end after it; tells how that came. */
  private String runOnce() throws InterruptedException {
    Process running;
    try {
      running = start();
    } catch (IOException e) {
      return "cannot be started: " + e.getMessage();
    }
    process = running;
    if (isEnded()) {
      running.destroy(); // the end came before there was a process to be told
    }
    LOG.info(
        "{} runs: {}, process {}, what it says {}",
        name,
        command.getFirst(),
        running.pid(),
        log == null ? "is dropped" : "goes to " + log);
    int code = running.waitFor();
    terms.tether().clear(running);
    return "ended with exit code " + code;
  }

  private Process start() throws IOException {
    return new ProcessBuilder(terms.tether().around(command))
        .directory(terms.places().resolve("").toFile())
        .redirectInput(new File("/dev/null"))
        .redirectErrorStream(true)
        .redirectOutput(output())
        .start();
  }

  private ProcessBuilder.Redirect output() throws IOException {
    if (log == null) {
      return ProcessBuilder.Redirect.DISCARD;
    }
    try {
      // an engine may say what its callers said
      Files.createFile(
          log, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException _) {
      // the file of an earlier start
    }
    return ProcessBuilder.Redirect.appendTo(log.toFile());
  }

  @Override
  public String toString() {
    Process running = process;
    return "OwnedEngine[%s, %s]"
        .formatted(
            name, running != null && running.isAlive() ? "process " + running.pid() : "ended");
  }
}
