package dev.sluice.loadtest.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class DueHeapTest {

  private static final int NUMBERS = 200;

  private final DueHeap heap = new DueHeap();

  @Test
  void hasNothingDueAtFirst() {
    assertThat(heap.firstNanos()).isEqualTo(DueHeap.NEVER);
    assertThat(heap.size()).isZero();
  }

  @Test
  void ofThoseThatAreDueAtOnceTheLeastNumberIsFirst() {
    heap.set(7, 100);
    heap.set(3, 100);
    heap.set(5, 100);
    assertThat(heap.first()).isEqualTo(3);
  }

  @Test
  void whatIsNeverDueIsNotInTheHeap() {
    heap.set(1, 50);
    heap.set(1, DueHeap.NEVER);
    heap.set(2, DueHeap.NEVER);
    assertThat(heap.firstNanos()).isEqualTo(DueHeap.NEVER);
    assertThat(heap.size()).isZero();
  }

  /** Sets, moves and takes back at random, and looks each time for the first by trying all. */
  @Test
  void findsTheFirstWhateverIsSetMovedAndTakenBack() {
    long[] due = new long[NUMBERS];
    java.util.Arrays.fill(due, DueHeap.NEVER);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 50_000; i++) {
      int number = random.nextInt(NUMBERS);
      due[number] = random.nextInt(4) == 0 ? DueHeap.NEVER : random.nextLong(1000);
      heap.set(number, due[number]);
      int first = firstOf(due);
      assertThat(heap.firstNanos()).isEqualTo(due[first]);
      if (due[first] != DueHeap.NEVER) {
        assertThat(heap.first()).isEqualTo(first);
      }
    }
  }

  private static int firstOf(long[] due) {
    int first = 0;
    for (int number = 1; number < due.length; number++) {
      first = due[number] < due[first] ? number : first;
    }
    return first;
  }
}
