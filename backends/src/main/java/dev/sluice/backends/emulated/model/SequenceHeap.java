package dev.sluice.backends.emulated.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sequences ordered by a key, then by rank, each removable in O(log n): every sequence knows its
 * place in the heap.
 */
final class SequenceHeap {

  private static final int FIRST_LENGTH = 16;

  private @Nullable Sequence[] items = new Sequence[FIRST_LENGTH];
  private int size;

  /** The sequence with the least key, or null when the heap is empty. */
  @Nullable Sequence first() {
    return items[0];
  }

  void add(Sequence sequence, long key) {
    if (size == items.length) {
      items = Arrays.copyOf(items, 2 * size);
    }
    sequence.heapKey = key;
    size++;
    up(size - 1, sequence);
  }

  /** Takes {@code sequence} out; no effect when it is not in the heap. */
  void remove(Sequence sequence) {
    int index = sequence.heapIndex;
    if (index < 0) {
      return;
    }
    sequence.heapIndex = -1;
    size--;
    Sequence moved = items[size];
    items[size] = null;
    if (moved == null || moved == sequence) {
      return;
    }
    down(index, moved);
    if (moved.heapIndex == index) {
      up(index, moved);
    }
  }

  private void up(int start, Sequence sequence) {
    int index = start;
    while (index > 0) {
      int above = (index - 1) >>> 1;
      Sequence parent = items[above];
      if (parent == null || !before(sequence, parent)) {
        break;
      }
      put(index, parent);
      index = above;
    }
    put(index, sequence);
  }

  private void down(int start, Sequence sequence) {
    int index = start;
    while (true) {
      int child = lesserChild(index);
      Sequence below = child < size ? items[child] : null;
      if (below == null || !before(below, sequence)) {
        break;
      }
      put(index, below);
      index = child;
    }
    put(index, sequence);
  }

  private int lesserChild(int index) {
    int left = 2 * index + 1;
    if (left + 1 >= size) {
      return left;
    }
    Sequence a = items[left];
    Sequence b = items[left + 1];
    return a != null && b != null && before(b, a) ? left + 1 : left;
  }

  private void put(int index, Sequence sequence) {
    items[index] = sequence;
    sequence.heapIndex = index;
  }

  private static boolean before(Sequence a, Sequence b) {
    return a.heapKey < b.heapKey || (a.heapKey == b.heapKey && a.rank < b.rank);
  }
}
