package dev.sluice.loadtest.report;

/**
 * The tokens of one answer, as they arrived.
 *
 * @param messages messages that carried tokens
 * @param received tokens in them
 * @param lost indexes that never came, or that the account counts beyond those that came
 * @param repeated tokens that came again
 * @param reordered tokens that came after a later one
 */
public record TokenTally(int messages, int received, int lost, int repeated, int reordered) {
  /** No token at all. */
  public static final TokenTally NONE = new TokenTally(0, 0, 0, 0, 0);

  /** Whether every token came once and in order. */
  public boolean intact() {
    return lost == 0 && repeated == 0 && reordered == 0;
  }
}
