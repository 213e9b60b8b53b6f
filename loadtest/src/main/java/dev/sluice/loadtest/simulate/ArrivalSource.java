package dev.sluice.loadtest.simulate;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Gives the requests of a run one by one, so that a long run needs no more memory than a short. */
interface ArrivalSource extends AutoCloseable {

  /**
   * The next request, in the order of their arrival; null when there is no further one.
   *
   * @throws IOException if the trace behind it cannot be read on
   */
  @Nullable Arrival next() throws IOException;

  @Override
  default void close() throws IOException {}
}
