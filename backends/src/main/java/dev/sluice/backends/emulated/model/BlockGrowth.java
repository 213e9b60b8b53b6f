package dev.sluice.backends.emulated.model;

/**
 * Tells how many blocks the decoding sequences will need in which step, without asking each of
 * them.
 *
 * <p>A sequence needs a further block every {@code blockTokens} steps, so the number of the step
 * modulo {@code blockTokens} decides, and a count per residue is all there is to know.
 */
final class BlockGrowth {

  private final int[] sequencesByResidue;
  private int sequences;

  BlockGrowth(int blockTokens) {
    sequencesByResidue = new int[blockTokens];
  }

  /** Counts a sequence whose first token came in {@code sequence.firstStep}. */
  void add(Sequence sequence) {
    sequencesByResidue[residueOf(sequence)]++;
    sequences++;
  }

  void remove(Sequence sequence) {
    sequencesByResidue[residueOf(sequence)]--;
    sequences--;
  }

  /** Blocks needed in the {@code steps} steps from step {@code first} on. */
  long blocks(long first, long steps) {
    int cycle = sequencesByResidue.length;
    long blocks = steps / cycle * sequences;
    for (long step = first + steps - steps % cycle; step < first + steps; step++) {
      blocks += at(step);
    }
    return blocks;
  }

  /**
   * Most steps from step {@code first} on, up to {@code atMost}, that {@code blocks} suffice for.
   */
  long stepsWithin(long first, long atMost, long blocks) {
    int cycle = sequencesByResidue.length;
    if (sequences == 0 || (atMost / cycle + 1) * sequences <= blocks) {
      return atMost;
    }
    long steps = blocks / sequences * cycle;
    long left = blocks % sequences;
    while (steps < atMost && at(first + steps) <= left) {
      left -= at(first + steps);
      steps++;
    }
    return Math.min(steps, atMost);
  }

  /** Blocks needed in step {@code step}. */
  int at(long step) {
    return sequencesByResidue[Math.floorMod(step, sequencesByResidue.length)];
  }

  /** The first step after the first token fills position {@code prefillTokens}, from 0. */
  private int residueOf(Sequence sequence) {
    return Math.floorMod(
        sequence.firstStep + 1 - sequence.prefillTokens, sequencesByResidue.length);
  }
}
