package dev.sluice.loadtest.simulate.evaluation;

import java.util.LinkedHashMap;
import java.util.Map;

/** The scores of one trial: by forecaster, quantity and what was asked. */
final class Scoreboard {

  /** Everything of a quantity together. */
  static final String ALL = "all";

  /** Quantity under which joint budgets are listed. */
  static final String JOINT = "joint";

  /**
   * What a score is of.
   *
   * @param rival name of the forecaster
   * @param quantity label of the quantity, or {@link #JOINT}
   * @param group backend and regime, or the budget
   */
  record Key(String rival, String quantity, String group) {

    private Key inAll() {
      return new Key(rival, quantity, ALL);
    }
  }

  private final Map<Key, Score> scores = new LinkedHashMap<>();

  /** Takes in what was said of a value. */
  void add(Key key, Quantity quantity, Said said, double nanos) {
    score(key.inAll()).add(quantity, said, nanos);
    score(key).add(quantity, said, nanos);
  }

  /** Takes in the odds given to a joint budget. */
  void add(String rival, JointBudget budget, double odds, boolean kept) {
    Key key = new Key(rival, JOINT, budget.name());
    score(key.inAll()).add(odds, kept);
    score(key).add(odds, kept);
  }

  private Score score(Key key) {
    return scores.computeIfAbsent(key, _ -> new Score());
  }

  /** The score of {@code rival} in all. */
  Score all(String rival, Quantity quantity) {
    return score(new Key(rival, quantity.label(), ALL));
  }

  /** The score of {@code rival} for all joint budgets together. */
  Score joint(String rival) {
    return score(new Key(rival, JOINT, ALL));
  }

  /** All scores, in the order in which they began. */
  Map<Key, Score> scores() {
    return scores;
  }
}
