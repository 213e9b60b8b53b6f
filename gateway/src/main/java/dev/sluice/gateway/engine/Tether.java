package dev.sluice.gateway.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What ties an engine to the gateway where the machine has it: {@code setpriv --pdeathsig TERM
 * setsid}, of util-linux.
 *
 * <p>The kernel then sends the engine SIGTERM when the gateway ends, however it ends, even by
 * SIGKILL. And the engine is in a session of its own: Ctrl-C, which a terminal sends to all that
 * runs in it, reaches the gateway alone, whose streams could not finish otherwise; and what an
 * engine left running can be ended with it, as its process group.
 *
 * <p>{@code --pdeathsig} watches the thread that started the process, so that must outlive it. Both
 * programs become the engine, so the process that was started is the engine.
 *
 * @param prefix what stands before an engine's command; empty: there is no such thing here
 */
record Tether(List<String> prefix) {

  private static final List<String> UTIL_LINUX =
      List.of("setpriv", "--pdeathsig", "TERM", "setsid");
  private static final long PATIENCE_SECONDS = 5;

  /** For machines that have nothing of the kind. */
  static final Tether NONE = new Tether(List.of());

  Tether {
    prefix = List.copyOf(prefix);
  }

  /** What this machine has: tried out, as there are programs of those names that do less. */
  static Tether ofThisMachine() {
    Tether tether = new Tether(UTIL_LINUX);
    return succeeds(tether.around(List.of("true"))) ? tether : NONE;
  }

  boolean isThere() {
    return !prefix.isEmpty();
  }

  List<String> around(List<String> command) {
    List<String> whole = new ArrayList<>(prefix);
    whole.addAll(command);
    return whole;
  }

  /** Kills what is left of the process group that {@code process} led. */
  void clear(Process process) {
    if (isThere()) {
      // most often nothing is left, and there is nothing to say about that
      boolean _ = succeeds(List.of("kill", "-KILL", "--", "-" + process.pid()));
    }
  }

  private static boolean succeeds(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
