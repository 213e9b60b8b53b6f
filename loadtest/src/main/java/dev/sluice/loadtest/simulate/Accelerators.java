package dev.sluice.loadtest.simulate;

import dev.sluice.backends.emulated.EngineSettings;
import dev.sluice.backends.emulated.model.EngineListener;
import dev.sluice.backends.emulated.model.Sequence;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The emulated accelerators of a run, by index of their deployment, in the order of their next
 * events.
 */
final class Accelerators {

  private final Accelerator[] all;
  private final DueHeap due = new DueHeap();

  /** Idle accelerators; each draws its noise from a generator of its own. */
  Accelerators(List<EngineSettings> settings, SplittableRandom random) {
    all = new Accelerator[settings.size()];
    for (int i = 0; i < all.length; i++) {
      EngineSettings own = settings.get(i);
      // one generator each, so that another engine more does not change the noise of the others
      all[i] = new Accelerator(own, new SplittableRandom(random.nextLong() ^ own.seed()));
    }
  }

  int size() {
    return all.length;
  }

  Accelerator get(int index) {
    return all[index];
  }

  /** When an engine's state changes next. */
  long nextNanos() {
    return due.firstNanos();
  }

  /** Lets the engine whose event is due first have it. */
  void advanceFirst(EngineListener listener) {
    int index = due.first();
    all[index].advanceTo(due.firstNanos(), listener);
    changed(index);
  }

  Accelerator.Entry enter(int index, Sequence sequence, long nowNanos) {
    Accelerator.Entry entry = all[index].enter(sequence, nowNanos);
    changed(index);
    return entry;
  }

  void cancel(int index, Sequence sequence, long nowNanos) {
    all[index].cancel(sequence, nowNanos);
    changed(index);
  }

  /** Tokens of {@code sequence} that are out. */
  int tokens(int index, Sequence sequence, long nowNanos) {
    return all[index].tokens(sequence, nowNanos);
  }

  void vanish(int index, long nowNanos) {
    all[index].vanish(nowNanos);
    changed(index);
  }

  void comeBack(int index, long nowNanos) {
    all[index].comeBack(nowNanos);
    changed(index);
  }

  private void changed(int index) {
    due.set(index, all[index].nextNanos());
  }
}
