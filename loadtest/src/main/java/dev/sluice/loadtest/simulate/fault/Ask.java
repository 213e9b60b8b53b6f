package dev.sluice.loadtest.simulate.fault;

/**
 * What a backend is asked.
 *
 * @param attempt the gateway's own account of it; the backend only passes it back
 * @param fromIndex number of the first token that is wanted
 * @param said what the caller has of the answer
 * @param wrong whether every backend rejects it
 */
record Ask(Attempt attempt, int fromIndex, Said said, boolean wrong) {

  /**
   * Part of an answer that is passed on, so that another backend can go on with it.
   *
   * @param text the answer
   * @param tokens how many tokens of it
   * @param hash stands for what they say
   */
  record Said(Text text, int tokens, long hash) {}
}
