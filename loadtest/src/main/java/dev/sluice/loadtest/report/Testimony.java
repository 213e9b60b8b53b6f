package dev.sluice.loadtest.report;

import java.util.List;

/**
 * What was seen of one answer beyond its times.
 *
 * @param wrongTokens tokens whose text is not that of the token oracle
 * @param crossings faults that came while the answer ran
 */
public record Testimony(int wrongTokens, List<Crossing> crossings) {
  /** Nothing remarkable. */
  public static final Testimony NOTHING = new Testimony(0, List.of());

  public Testimony {
    crossings = List.copyOf(crossings);
  }

  /**
   * The silence around one fault, wherever it befell.
   *
   * @param fault its place in the list of faults
   * @param lastNanos the last sign before it: a token, or the sending of the request
   * @param nextNanos the first sign after it: a token, or the end of the call
   */
  public record Crossing(int fault, long lastNanos, long nextNanos) {}
}
