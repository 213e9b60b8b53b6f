package dev.sluice.gateway.core.admission;

/**
 * How far the process has used up its means, after one reading of them; the next reading makes the
 * next state (faults §5.6).
 *
 * <p>Memory and file descriptors lead to any level. Lag leads to the third at most: to refuse all
 * and to break off answers would not make anything faster that runs.
 *
 * @param level how far
 * @param means the reading
 * @param breaksOff whether the answer that holds most memory is to be broken off now
 * @param brokeOffAt memory in use when one was broken off last. What the heap holds is known after
 *     a collection only: until another reading differs, one more would be broken off for nothing
 */
public record Overload(OverloadLevel level, Means means, boolean breaksOff, double brokeOffAt) {

  /** Nothing was read yet. */
  public static final Overload NONE = new Overload(OverloadLevel.CALM, Means.NOTHING, false, 0);

  /** The state after the reading {@code now}. */
  public Overload next(Means now) {
    OverloadLevel byStore = level.next(Math.max(now.memory(), now.descriptors()));
    OverloadLevel byLag = least(level.next(now.lag()), OverloadLevel.SCARCE);
    OverloadLevel next = byStore.compareTo(byLag) > 0 ? byStore : byLag;
    boolean spent = OverloadLevel.CALM.next(now.memory()) == OverloadLevel.SPENT;
    boolean breaks = spent && now.memory() != brokeOffAt;
    return new Overload(next, now, breaks, breaks ? now.memory() : brokeOffAt);
  }

  private static OverloadLevel least(OverloadLevel one, OverloadLevel other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
