package dev.sluice.backends.emulated.model;

import org.jspecify.annotations.Nullable;

/**
 * Sequences that were submitted and do not run: first those still on their way for the overhead,
 * then those the scheduler sees, in the order of their arrival.
 */
final class WaitingLine {

  private final long overheadNanos;
  private final SequenceList arriving = new SequenceList();
  private final SequenceList waiting = new SequenceList();
  private long promptTokens;
  private long submissions;

  WaitingLine(long overheadNanos) {
    this.overheadNanos = overheadNanos;
  }

  void submit(Sequence sequence, int longestSequenceTokens, long nowNanos) {
    if (sequence.place != Sequence.Place.NEW) {
      throw new IllegalStateException(sequence + " (expected: never submitted before)");
    }
    if (sequence.totalTokens() > longestSequenceTokens) {
      throw new IllegalArgumentException(
          "promptTokens + outputTokens: "
              + sequence.totalTokens()
              + " (expected: <= "
              + longestSequenceTokens
              + ")");
    }
    sequence.rank = submissions++;
    sequence.submittedNanos = nowNanos;
    sequence.readyNanos = nowNanos + overheadNanos;
    sequence.place = Sequence.Place.ARRIVING;
    promptTokens += sequence.prefillTokens;
    arriving.addLast(sequence);
  }

  /** Puts a preempted sequence before all others: it arrived before them. */
  void putBack(Sequence sequence) {
    sequence.place = Sequence.Place.WAITING;
    promptTokens += sequence.prefillTokens;
    waiting.addFirst(sequence);
  }

  /** Shows the scheduler who has arrived by {@code nowNanos}. */
  void takeArrivals(long nowNanos) {
    Sequence sequence = arriving.first();
    while (sequence != null && sequence.readyNanos <= nowNanos) {
      arriving.remove(sequence);
      sequence.place = Sequence.Place.WAITING;
      waiting.addLast(sequence);
      sequence = arriving.first();
    }
  }

  /** Takes out a sequence that is admitted or cancelled. */
  void remove(Sequence sequence) {
    (sequence.place == Sequence.Place.ARRIVING ? arriving : waiting).remove(sequence);
    promptTokens -= sequence.prefillTokens;
  }

  /** The sequence to admit next, or null when the scheduler sees none. */
  @Nullable Sequence first() {
    return waiting.first();
  }

  /** When the scheduler sees a further sequence; {@link Engine#NEVER} when none is on its way. */
  long nextArrivalNanos() {
    Sequence next = arriving.first();
    return next == null ? Engine.NEVER : next.readyNanos;
  }

  int size() {
    return arriving.size() + waiting.size();
  }

  /** Tokens to compute for those in the line. */
  long promptTokens() {
    return promptTokens;
  }
}
