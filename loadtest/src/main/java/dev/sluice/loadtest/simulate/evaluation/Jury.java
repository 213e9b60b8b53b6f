package dev.sluice.loadtest.simulate.evaluation;

import dev.sluice.gateway.core.request.Budget;
import dev.sluice.loadtest.simulate.evaluation.Rival.Question;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes down what every forecaster says of each request and scores it when the outcome is known.
 */
final class Jury {

  /**
   * What was said of one request.
   *
   * @param opinions of each forecaster
   * @param odds of each joint budget, as learned
   * @param physicsOdds the same by physics alone
   */
  @SuppressWarnings("ArrayRecordComponent") // one per request, compared by nobody
  private record Statement(List<Opinion> opinions, double[] odds, double[] physicsOdds) {}

  private final List<Rival> rivals;
  private final Scoreboard scores = new Scoreboard();
  private final Map<Flight, Statement> statements = new LinkedHashMap<>();
  private final List<Runnable> lessons = new ArrayList<>();

  Jury(List<Rival> rivals) {
    this.rivals = List.copyOf(rivals);
  }

  /** Hears every forecaster on a request that is sent now, and will be scored. */
  void hear(Flight flight) {
    Question question = flight.question;
    int budgets = JointBudget.ALL.size();
    Statement statement =
        new Statement(
            rivals.stream().map(rival -> rival.say(question)).toList(),
            new double[budgets],
            new double[budgets]);
    for (int i = 0; i < budgets; i++) {
      Budget budget = JointBudget.ALL.get(i).budget();
      statement.odds[i] = question.learned().probability(budget);
      statement.physicsOdds[i] = question.physics().probability(budget);
    }
    statements.put(flight, statement);
  }

  /** The outcome of a quantity is known; forecasters learn of it with the next {@link #learn}. */
  void measured(Quantity quantity, Flight flight, double nanos) {
    Statement statement = statements.get(flight);
    for (int i = 0; i < rivals.size(); i++) {
      Rival rival = rivals.get(i);
      lessons.add(() -> rival.learn(quantity, flight.question, nanos));
      if (statement != null) {
        scores.add(
            new Scoreboard.Key(rival.name(), quantity.label(), flight.question.group()),
            quantity,
            statement.opinions.get(i).of(quantity),
            nanos);
      }
    }
  }

  /** The request has ended. */
  void ended(Flight flight, double perTokenNanos, double totalNanos) {
    Statement statement = statements.remove(flight);
    if (statement == null) {
      return;
    }
    for (int i = 0; i < JointBudget.ALL.size(); i++) {
      JointBudget budget = JointBudget.ALL.get(i);
      boolean kept = budget.kept(flight.firstTokenSinceSentNanos(), perTokenNanos, totalNanos);
      scores.add(Rivals.LEARNED, budget, statement.odds[i], kept);
      scores.add(Rivals.PHYSICS, budget, statement.physicsOdds[i], kept);
    }
  }

  /** Lets forecasters learn what was measured since they last did. */
  void learn() {
    lessons.forEach(Runnable::run);
    lessons.clear();
  }

  /** The scores so far. */
  Scoreboard scores() {
    return scores;
  }
}
