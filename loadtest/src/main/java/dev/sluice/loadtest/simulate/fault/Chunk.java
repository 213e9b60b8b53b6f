package dev.sluice.loadtest.simulate.fault;

/**
 * Tokens under way.
 *
 * @param text the answer they are of
 * @param at place in it of the first; what they say
 * @param index what the backend numbered the first; equal to {@code at}, unless somebody is at
 *     fault
 * @param count how many
 */
record Chunk(Text text, int at, int index, int count) {

  /** The {@code i}th of them. */
  long token(int i) {
    return text.token(at + i);
  }
}
