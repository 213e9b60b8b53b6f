package dev.sluice.backends.emulated.server;

/** Where all that goes wrong on purpose happens: one thread with a clock. */
interface Stage {

  /** Now. */
  long nanoTime();

  /** Runs {@code task} as soon as it can; tasks of one caller in their order. */
  void execute(Runnable task);

  /** Runs {@code task} once {@code instantNanos} is reached. */
  void at(long instantNanos, Runnable task);
}
