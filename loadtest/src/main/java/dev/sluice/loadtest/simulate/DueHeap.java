package dev.sluice.loadtest.simulate;

import java.util.Arrays;

/**
 * Small numbers in the order of the instants at which they are due, equal ones in their own order.
 *
 * <p>A binary heap over primitive arrays that knows where each number is, so that an instant can be
 * moved or taken back in O(log n) and nothing is allocated once it has its size.
 */
final class DueHeap {

  /** The instant of what is not due. */
  static final long NEVER = Long.MAX_VALUE;

  private static final int ABSENT = -1;
  private static final int FIRST_ROOM = 16;

  private int[] heap = new int[FIRST_ROOM];
  private int[] places = new int[FIRST_ROOM];
  private long[] instants = new long[FIRST_ROOM];
  private int size;

  DueHeap() {
    Arrays.fill(places, ABSENT);
  }

  /** Makes {@code number} due at {@code nanos}, in place of before; {@link #NEVER}: not at all. */
  void set(int number, long nanos) {
    makeRoom(number);
    int place = places[number];
    if (nanos == NEVER) {
      if (place != ABSENT) {
        remove(number, place);
      }
      return;
    }
    long before = instants[number];
    instants[number] = nanos;
    if (place == ABSENT) {
      up(size++, number);
    } else if (nanos < before) {
      up(place, number);
    } else if (nanos > before) {
      down(place, number);
    }
  }

  /** When the first is due; {@link #NEVER} when none is. */
  long firstNanos() {
    return size == 0 ? NEVER : instants[heap[0]];
  }

  /** The first; only when {@link #firstNanos} is an instant. */
  int first() {
    return heap[0];
  }

  /** How many are due at some instant. */
  int size() {
    return size;
  }

  private void remove(int number, int place) {
    places[number] = ABSENT;
    size--;
    int moved = heap[size];
    if (moved == number) {
      return;
    }
    down(place, moved);
    if (places[moved] == place) {
      up(place, moved);
    }
  }

  private void up(int start, int number) {
    int place = start;
    while (place > 0) {
      int above = (place - 1) >>> 1;
      if (!before(number, heap[above])) {
        break;
      }
      put(place, heap[above]);
      place = above;
    }
    put(place, number);
  }

  private void down(int start, int number) {
    int place = start;
    while (true) {
      int child = 2 * place + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && before(heap[child + 1], heap[child])) {
        child++;
      }
      if (!before(heap[child], number)) {
        break;
      }
      put(place, heap[child]);
      place = child;
    }
    put(place, number);
  }

  private void put(int place, int number) {
    heap[place] = number;
    places[number] = place;
  }

  private boolean before(int a, int b) {
    return instants[a] < instants[b] || (instants[a] == instants[b] && a < b);
  }

  private void makeRoom(int number) {
    int room = places.length;
    if (number < room) {
      return;
    }
    int wider = Math.max(2 * room, number + 1);
    heap = Arrays.copyOf(heap, wider);
    instants = Arrays.copyOf(instants, wider);
    places = Arrays.copyOf(places, wider);
    Arrays.fill(places, room, wider, ABSENT);
  }

  @Override
  public String toString() {
    return "DueHeap[" + size + " due, first at " + firstNanos() + "]";
  }
}
