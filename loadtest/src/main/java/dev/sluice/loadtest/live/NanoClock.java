package dev.sluice.loadtest.live;

import java.util.concurrent.locks.LockSupport;

/** Time as a run sees it. */
interface NanoClock {
  /** Now. */
  long nanoTime();

  /** Returns at the instant, or at once when it has passed. */
  void awaitNanoTime(long instantNanos);

  /**
   * The machine's clock. It parks until shortly before the instant, then spins: a parked thread
   * wakes about 60 µs late on Linux, a spinning one does not.
   */
  NanoClock SYSTEM =
      new NanoClock() {
        // Covers the usual lateness of a wake-up; more would burn CPU that the target may need.
        private static final long SPIN_NANOS = 120_000;

        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public void awaitNanoTime(long instantNanos) {
          long leftNanos = instantNanos - System.nanoTime();
          while (leftNanos > SPIN_NANOS) {
            LockSupport.parkNanos(leftNanos - SPIN_NANOS);
            leftNanos = instantNanos - System.nanoTime();
          }
          while (instantNanos - System.nanoTime() > 0) {
            Thread.onSpinWait();
          }
        }
      };
}
