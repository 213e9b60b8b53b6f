package dev.sluice.loadtest.simulate.fault;

import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Resumption;
import java.util.ArrayList;
import java.util.List;

/**
 * Who asks for what when.
 *
 * @param wishes in the order of time
 * @param endNanos when the last has been asked for, and a little later
 */
record Traffic(List<Wish> wishes, long endNanos) {

  private static final int MOST_TOKENS = 48;
  private static final double MEAN_TOKENS = 16;
  private static final double LONGEST_NANOS = 20e9;
  private static final long AFTERWARDS_NANOS = 1_500_000_000L;

  /** Share of callers that go away, at most (faults §3.7). */
  private static final double MOST_LEAVING = 0.2;

  /** Share of callers that have part of their answer from another gateway. */
  private static final double BEGUN = 0.05;

  /** Share of requests that every backend rejects. */
  private static final double WRONG = 0.01;

  /** Requests at 0.2 to 10 times what {@code fleet} can serve. */
  static Traffic drawn(Draw draw, List<Script> fleet) {
    double capacity = fleet.stream().mapToDouble(script -> script.perSecond(MEAN_TOKENS)).sum();
    double gapNanos = 1e9 / (capacity * draw.logarithmic(0.2, 10));
    int count = draw.between(15, 120);
    double leaving = draw.chance(0.5) ? 0 : draw.uniform(0.02, MOST_LEAVING);
    List<Wish> wishes = new ArrayList<>();
    long atNanos = 0;
    for (int i = 0; i < count && atNanos < LONGEST_NANOS; i++) {
      wishes.add(
          wish(draw, atNanos, fleet.get(draw.between(0, fleet.size() - 1)), draw.chance(leaving)));
      atNanos += draw.gapNanos(gapNanos);
    }
    return new Traffic(List.copyOf(wishes), wishes.getLast().atNanos() + AFTERWARDS_NANOS);
  }

  /** Somebody who only wants his answer. */
  static Wish patient(long atNanos, String model, Text answer) {
    return new Wish(
        atNanos,
        model,
        1,
        answer,
        new Wish.Patience(Budget.NONE, 0, Resumption.EXACT, 0),
        Wish.Leaving.NEVER,
        false);
  }

  private static Wish wish(Draw draw, long atNanos, Script script, boolean leaves) {
    int tokens = (int) draw.logarithmic(1, MOST_TOKENS + 1);
    int promptTokens = draw.between(1, 400);
    long answer = draw.random().nextLong();
    return new Wish(
        atNanos,
        script.deployment().identity().model(),
        promptTokens,
        Text.of(answer, tokens),
        patience(draw, answer, tokens),
        leaves ? leaving(draw, tokens) : Wish.Leaving.NEVER,
        draw.chance(WRONG));
  }

  private static Wish.Patience patience(Draw draw, long answer, int tokens) {
    Budget budget = budget(draw);
    long deadlineNanos = deadlineNanos(draw);
    Resumption resumption = resumption(draw);
    return new Wish.Patience(
        budget, deadlineNanos, resumption, begunTokens(answer, tokens, resumption));
  }

  /** Drawn apart, so that who has part of his answer changes nothing of all others. */
  private static int begunTokens(long answer, int tokens, Resumption resumption) {
    Draw draw = new Draw(answer, Plan.BEGINNINGS);
    // in other words it would go on differently at each attempt beside another
    return resumption != Resumption.PLAUSIBLE && draw.chance(BEGUN) ? draw.between(1, tokens) : 0;
  }

  private static Budget budget(Draw draw) {
    if (draw.chance(0.5)) {
      return Budget.NONE;
    }
    return new Budget(
        draw.logarithmicNanos(100e6, 4e9),
        draw.chance(0.5) ? draw.logarithmicNanos(5e6, 200e6) : 0,
        draw.chance(0.3) ? draw.logarithmicNanos(1e9, 10e9) : 0);
  }

  private static long deadlineNanos(Draw draw) {
    return draw.chance(0.15) ? draw.logarithmicNanos(100e6, 5e9) : 0;
  }

  private static Resumption resumption(Draw draw) {
    if (draw.chance(0.7)) {
      return Resumption.EXACT;
    }
    return draw.chance(0.5) ? Resumption.PLAUSIBLE : Resumption.NEVER;
  }

  private static Wish.Leaving leaving(Draw draw, int tokens) {
    return draw.chance(0.5)
        ? new Wish.Leaving(draw.logarithmicNanos(1e6, 3e9), 0)
        : new Wish.Leaving(0, draw.between(1, tokens));
  }
}
