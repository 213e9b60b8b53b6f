package dev.sluice.loadtest.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells whether somebody watches. */
public final class Terminal {
  private Terminal() {}

  /**
   * Whether standard error is a terminal. Java cannot ask: Linux can, elsewhere the start script
   * says it.
   */
  public static boolean isStandardError() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException _) {
      return Boolean.getBoolean("sluice.stderr.terminal");
    }
  }
}
