package dev.sluice.backends.emulated.model;

import org.jspecify.annotations.Nullable;

/** A doubly linked list threaded through its sequences; a sequence is in one list at a time. */
final class SequenceList {

  private @Nullable Sequence first;
  private @Nullable Sequence last;
  private int size;

  @Nullable Sequence first() {
    return first;
  }

  @Nullable Sequence last() {
    return last;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return first == null;
  }

  void addLast(Sequence sequence) {
    sequence.previous = last;
    sequence.next = null;
    if (last == null) {
      first = sequence;
    } else {
      last.next = sequence;
    }
    last = sequence;
    size++;
  }

  void addFirst(Sequence sequence) {
    sequence.previous = null;
    sequence.next = first;
    if (first == null) {
      last = sequence;
    } else {
      first.previous = sequence;
    }
    first = sequence;
    size++;
  }

  void remove(Sequence sequence) {
    Sequence previous = sequence.previous;
    Sequence next = sequence.next;
    if (previous == null) {
      first = next;
    } else {
      previous.next = next;
    }
    if (next == null) {
      last = previous;
    } else {
      next.previous = previous;
    }
    sequence.previous = null;
    sequence.next = null;
    size--;
  }
}
