package dev.sluice.loadtest.simulate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The requests that have not ended, each in a slot of its own, by the instant at which they want to
 * be woken, their deadline at the latest.
 */
final class OpenRequests {

  private static final int FIRST_ROOM = 64;

  private @Nullable Execution[] slots = new Execution[FIRST_ROOM];

  /** Slots below {@link #used} that are free, the one to be taken next at the end. */
  private int[] free = new int[FIRST_ROOM];

  private int freeCount;
  private int used;
  private final DueHeap wakes = new DueHeap();

  /** The slot that the next request is to have. */
  int nextSlot() {
    return freeCount > 0 ? free[freeCount - 1] : used;
  }

  /** Adds a request, which has the {@link #nextSlot}. */
  void add(Execution execution) {
    int slot = execution.slot();
    if (slot != nextSlot()) {
      throw new IllegalArgumentException("slot: " + slot + " (expected: " + nextSlot() + ")");
    }
    if (freeCount > 0) {
      freeCount--;
    } else if (++used > slots.length) {
      slots = Arrays.copyOf(slots, 2 * slots.length);
      free = Arrays.copyOf(free, 2 * free.length);
    }
    slots[slot] = execution;
    wakes.set(slot, execution.request().deadlineNanos());
  }

  /** Wakes a request at {@code nanos}, in place of when it was to be woken before. */
  void wakeAt(Execution execution, long nanos) {
    wakes.set(execution.slot(), nanos);
  }

  void remove(Execution execution) {
    int slot = execution.slot();
    if (slots[slot] != execution) {
      throw new IllegalStateException(execution + " ended twice (expected: once)");
    }
    slots[slot] = null;
    free[freeCount++] = slot;
    wakes.set(slot, DueHeap.NEVER);
  }

  Execution get(int slot) {
    return Objects.requireNonNull(slots[slot]);
  }

  int size() {
    return used - freeCount;
  }

  /** All of them, in the order of their slots. */
  List<Execution> all() {
    List<Execution> all = new ArrayList<>(size());
    for (int slot = 0; slot < used; slot++) {
      Execution execution = slots[slot];
      if (execution != null) {
        all.add(execution);
      }
    }
    return all;
  }

  long nextWakeNanos() {
    return wakes.firstNanos();
  }

  Execution firstToWake() {
    return get(wakes.first());
  }

  @Override
  public String toString() {
    return "OpenRequests[" + size() + "]";
  }
}
