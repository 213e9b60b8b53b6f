package dev.sluice.loadtest.simulate.fault;

import dev.sluice.gateway.core.policy.Policies;
import java.util.List;
import java.util.stream.IntStream;

/**
 * All that one seed means: who is there, who asks, and what goes wrong when.
 *
 * @param seed the seed
 * @param fleet who is there
 * @param wishes who asks, in the order of time
 * @param odds what goes wrong by chance
 * @param incidents what goes wrong at set times
 * @param habits what the gateway does one way or another
 * @param quietNanos from when on nothing goes wrong any more
 */
record Plan(
    long seed,
    List<Script> fleet,
    List<Wish> wishes,
    Odds odds,
    List<Incident> incidents,
    Habits habits,
    long quietNanos) {

  /** Share of the runs in which requests are hedged, which is off by default. */
  private static final double HEDGING = 0.3;

  /** Share of the runs in which it takes time to choose another backend. */
  private static final double PONDERING = 0.1;

  private static final double LEARNING = 0.5;
  private static final int MOST_INCIDENTS = 6;

  /** Who draws: each from numbers of its own. */
  static final int FLEET = 1;

  static final int TRAFFIC = 2;
  static final int FAULTS = 3;
  static final int HABITS = 4;
  static final int ROUTING = 5;
  static final int BEGINNINGS = 6;
  static final int FIRST_BACKEND = 16;

  /**
   * What a gateway does one way or another.
   *
   * @param policy name of the policy it begins with
   * @param hedgeNanos silence after which it hedges; 0: never
   * @param ponderNanos how long it takes to choose another backend
   * @param others requests that ask meanwhile and go well, for each that is played: the more, the
   *     more permits there are
   * @param learns whether forecasts follow the outcomes
   */
  record Habits(String policy, long hedgeNanos, long ponderNanos, int others, boolean learns) {}

  /** What {@code seed} means. */
  static Plan of(long seed) {
    List<Script> fleet = Fleets.drawn(new Draw(seed, FLEET));
    Traffic traffic = Traffic.drawn(new Draw(seed, TRAFFIC), fleet);
    Draw faults = new Draw(seed, FAULTS);
    Odds odds = Odds.drawn(faults);
    List<Incident> incidents =
        IntStream.range(0, faults.between(0, MOST_INCIDENTS))
            .mapToObj(_ -> Incident.drawn(faults, traffic.endNanos(), fleet.size()))
            .toList();
    return new Plan(
        seed,
        fleet,
        traffic.wishes(),
        odds,
        incidents,
        habits(new Draw(seed, HABITS)),
        traffic.endNanos());
  }

  private static Habits habits(Draw draw) {
    return new Habits(
        policy(draw),
        draw.chance(HEDGING) ? draw.logarithmicNanos(10e6, 400e6) : 0,
        draw.chance(PONDERING) ? draw.logarithmicNanos(1e6, 2e9) : 0,
        draw.chance(0.4) ? 0 : draw.between(1, 40),
        draw.chance(LEARNING));
  }

  /** The default one in half of the runs, else any. */
  static String policy(Draw draw) {
    List<String> names = Policies.names();
    return draw.chance(0.5) ? names.getFirst() : names.get(draw.between(0, names.size() - 1));
  }
}
