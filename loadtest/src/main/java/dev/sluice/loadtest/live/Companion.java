package dev.sluice.loadtest.live;

import dev.sluice.loadtest.report.RequestResult;
import dev.sluice.loadtest.workload.ScheduledRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What goes on beside the measured part of a run. */
public interface Companion {

  /** Nothing does. */
  Companion NONE =
      new Companion() {
        @Override
        public void prepares() {}

        @Override
        public void begins(long startNanos) {}

        @Override
        public @Nullable Witness witness(ScheduledRequest request, byte[] message) {
          return null;
        }

        @Override
        public void ended(List<RequestResult> results) {}
      };

  /** The warm-up is over and nothing is under way. */
  void prepares() throws InterruptedException;

  /** The measured part begins at this instant of {@link System#nanoTime}. */
  void begins(long startNanos);

  /** Who watches the answer to {@code message}; null: nobody. Called before it is sent. */
  @Nullable Witness witness(ScheduledRequest request, byte[] message);

  /** Every request has its result. */
  void ended(List<RequestResult> results) throws InterruptedException;
}
