package dev.sluice.loadtest.simulate.evaluation;

import dev.sluice.gateway.core.prediction.Forecaster;
import dev.sluice.loadtest.simulate.evaluation.Said.Law;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The gateway's forecaster and the simpler ones it must beat. */
final class Rivals {

  /** Name of the gateway's forecaster. */
  static final String LEARNED = "learned";

  /** Name of the same with nothing learned. */
  static final String PHYSICS = "physics";

  private Rivals() {}

  /** All of them; the gateway's comes first. */
  static List<Rival> all() {
    return List.of(new Gateway(true), new Gateway(false), new Ewma(), new Climatology());
  }

  /** The gateway's forecaster, with what it has learned or by physics alone. */
  private record Gateway(boolean learned) implements Rival {

    @Override
    public String name() {
      return learned ? LEARNED : PHYSICS;
    }

    @Override
    public Law law(Quantity quantity, Question question) {
      Forecaster forecaster = learned ? question.learned() : question.physics();
      return switch (quantity) {
        case FIRST_TOKEN -> new FirstToken(forecaster);
        case PER_TOKEN -> new PerToken(forecaster);
      };
    }

    @Override
    public void learn(Quantity quantity, Question question, double nanos) {
      // the learner has its own ears
    }
  }

  private record FirstToken(Forecaster forecaster) implements Law {

    @Override
    public double within(double nanos) {
      return forecaster.firstTokenWithin(nanos);
    }

    @Override
    public double medianNanos() {
      return forecaster.firstTokenNanos();
    }

    @Override
    public double quantileNanos(double probability) {
      return forecaster.firstTokenNanos(probability);
    }
  }

  private record PerToken(Forecaster forecaster) implements Law {

    @Override
    public double within(double nanos) {
      return forecaster.perTokenWithin(nanos);
    }

    @Override
    public double medianNanos() {
      return forecaster.perTokenNanos();
    }

    @Override
    public double quantileNanos(double probability) {
      return forecaster.perTokenNanos(probability);
    }
  }

  /** Physics times one factor that follows the measured values, and how they spread around it. */
  private static final class Ewma implements Rival {

    /** As the common factor of the gateway's own learner. */
    private static final double RATE = 0.03;

    private static final double MOST_RATIO = 1;

    private final Map<Track, Follower> followers = new LinkedHashMap<>();

    @Override
    public String name() {
      return "ewma";
    }

    @Override
    public Law law(Quantity quantity, Question question) {
      Follower follower = follower(quantity, question);
      return follower.recent.law(StrictMath.exp(follower.level) * question.physicsNanos(quantity));
    }

    @Override
    public void learn(Quantity quantity, Question question, double nanos) {
      Follower follower = follower(quantity, question);
      double lnRatio = StrictMath.log(nanos / question.physicsNanos(quantity)) - follower.level;
      follower.recent.add(lnRatio);
      follower.level += RATE * Math.clamp(lnRatio, -MOST_RATIO, MOST_RATIO);
    }

    private Follower follower(Quantity quantity, Question question) {
      return followers.computeIfAbsent(Track.of(quantity, question), _ -> new Follower());
    }

    private static final class Follower {
      private final Recent recent = new Recent();
      private double level;
    }
  }

  /** What the deployment's values of late were, whatever the request. */
  private static final class Climatology implements Rival {

    private final Map<Track, Recent> recent = new LinkedHashMap<>();

    @Override
    public String name() {
      return "climatology";
    }

    @Override
    public Law law(Quantity quantity, Question question) {
      return recent(quantity, question).law(1);
    }

    @Override
    public void learn(Quantity quantity, Question question, double nanos) {
      recent(quantity, question).add(StrictMath.log(nanos));
    }

    private Recent recent(Quantity quantity, Question question) {
      return recent.computeIfAbsent(Track.of(quantity, question), _ -> new Recent());
    }
  }

  /** What is learned apart, as the gateway does. */
  private record Track(String quantity, String group) {

    static Track of(Quantity quantity, Rival.Question question) {
      return new Track(quantity.label(), question.group());
    }
  }
}
