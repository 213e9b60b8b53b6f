package dev.sluice.loadtest.report;

/** Where the load generator ran. */
public record Machine(int cpus, String jdk, String os) {
  /** This machine. */
  public static Machine here() {
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        Runtime.version().toString(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"));
  }
}
