package dev.sluice.backends.emulated.server;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A stage whose clock the test turns: what is due happens then, in its order. */
final class HandTurnedStage implements Stage {

  private final List<Due> waiting = new ArrayList<>();
  private long nowNanos = 1_000;

  private record Due(long atNanos, Runnable task) {}

  void turnMillis(long millis) {
    long untilNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(millis);
    while (true) {
      Due next =
          waiting.stream()
              .filter(due -> due.atNanos() <= untilNanos)
              .min(Comparator.comparingLong(Due::atNanos))
              .orElse(null);
      if (next == null) {
        nowNanos = untilNanos;
        return;
      }
      waiting.remove(next);
      nowNanos = Math.max(nowNanos, next.atNanos());
      next.task().run();
    }
  }

  @Override
  public long nanoTime() {
    return nowNanos;
  }

  @Override
  public void execute(Runnable task) {
    task.run();
  }

  @Override
  public void at(long instantNanos, Runnable task) {
    waiting.add(new Due(instantNanos, task));
  }
}
