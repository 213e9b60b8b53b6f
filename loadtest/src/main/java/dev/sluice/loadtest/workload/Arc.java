package dev.sluice.loadtest.workload;

/**
 * A part of a trace that an overlaid copy moves as a whole. A copy that is shifted around the end
 * of a trace consists of two: what wraps, and the rest.
 *
 * @param fromNanos where the part begins
 * @param untilNanos where it ends, without it
 * @param moveNanos by how much it moves, backwards below 0
 */
record Arc(long fromNanos, long untilNanos, long moveNanos) {
  /** All of a trace, where it is. */
  static final Arc ALL = new Arc(0, Long.MAX_VALUE, 0);

  /** What wraps around the end. */
  static Arc wrapping(long shiftNanos, long circleNanos) {
    return new Arc(circleNanos - shiftNanos, Long.MAX_VALUE, shiftNanos - circleNanos);
  }

  /** What does not wrap. */
  static Arc shifted(long shiftNanos, long circleNanos) {
    return new Arc(0, circleNanos - shiftNanos, shiftNanos);
  }
}
