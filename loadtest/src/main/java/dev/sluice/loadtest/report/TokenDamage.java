package dev.sluice.loadtest.report;

/**
 * What happened to the tokens of some answers.
 *
 * @param undelivered tokens that answers which failed openly still owed
 * @param lost tokens missing from what was delivered, or from an answer shown as complete
 * @param repeated tokens that came again
 * @param reordered tokens that came after a later one
 * @param wrong tokens whose text is not the oracle's
 */
record TokenDamage(long undelivered, long lost, long repeated, long reordered, long wrong) {
  static final TokenDamage NONE = new TokenDamage(0, 0, 0, 0, 0);

  static TokenDamage of(RequestResult result, Testimony testimony) {
    TokenTally tally = result.tokens();
    int owed = Math.max(0, result.request().outputTokens() - tally.received());
    boolean shownAsComplete = result.completed();
    return new TokenDamage(
        shownAsComplete ? 0 : owed,
        tally.lost() + (shownAsComplete ? owed : 0),
        tally.repeated(),
        tally.reordered(),
        testimony.wrongTokens());
  }

  TokenDamage plus(TokenDamage other) {
    return new TokenDamage(
        undelivered + other.undelivered,
        lost + other.lost,
        repeated + other.repeated,
        reordered + other.reordered,
        wrong + other.wrong);
  }

  /** Whether what was delivered is what the oracle says, as far as it goes. */
  boolean none() {
    return lost == 0 && repeated == 0 && reordered == 0 && wrong == 0;
  }
}
