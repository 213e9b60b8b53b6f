package dev.sluice.loadtest.simulate;

import dev.sluice.loadtest.report.SimulatedTrace;
import java.io.IOException;
import java.util.List;

/** What is asked in a run. */
public interface Workload {

  /** How long requests come, in seconds; 0: not known before they have come. */
  default double seconds() {
    return 0;
  }

  /** Whether a request that follows an answer waits for the end of that answer. */
  default boolean isClosedLoop() {
    return false;
  }

  /** Names of the service classes, in the order in which they are told. */
  List<String> classNames();

  /**
   * What it is, at its own rate.
   *
   * @throws IOException if a trace cannot be read
   */
  SimulatedTrace description() throws IOException;

  /**
   * The requests at {@code scale} times its own rate; the same ones for equal scales and seeds,
   * whoever routes them.
   *
   * @throws IOException if a trace cannot be read
   */
  ArrivalSource arrivals(double scale, long seed) throws IOException;
}
