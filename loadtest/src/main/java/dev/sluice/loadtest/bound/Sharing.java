package dev.sluice.loadtest.bound;

import dev.sluice.backends.profile.Service;
import java.util.ArrayList;
import java.util.List;

/**
 * A way to charge the length of a batch engine's step to those it serves. Each way gives one valid
 * constraint per pool and time bucket; see {@link BatchNeeds}.
 *
 * @param decodeShare share of the step's fixed cost that the decoding sequences bear; the rest is
 *     borne by the tokens of the step, as far as they fill it
 * @param hostShare weight of the host's floor against the engine's work
 */
record Sharing(double decodeShare, double hostShare) {

  /** Decoding sequences bear the fixed cost: sharp where batches are small. */
  static final Sharing BY_SEQUENCE = new Sharing(1, 0);

  /** Tokens bear the fixed cost: sharp where prompts fill the steps. */
  static final Sharing BY_TOKEN = new Sharing(0, 0);

  /**
   * Nearly all the floor: sharp where the host sets the pace. A rest of work is left so that
   * computing a sequence anew, which the floor alone would give away, costs something.
   */
  static final Sharing BY_HOST = new Sharing(1, 0.9);

  /** The ways that are worth a constraint for {@code service}. */
  static List<Sharing> of(Service service) {
    return switch (service) {
      case Service.Slots _ -> List.of(BY_SEQUENCE);
      case Service.Batch batch -> {
        List<Sharing> ways = new ArrayList<>(List.of(BY_SEQUENCE, BY_TOKEN));
        if (hostCanSetThePace(batch)) {
          ways.add(BY_HOST);
        }
        yield List.copyOf(ways);
      }
    };
  }

  private static boolean hostCanSetThePace(Service.Batch batch) {
    int most = batch.limits().maxSequences();
    Service.HostFloor floor = batch.hostFloor();
    return floor.baseNanos() > batch.stepNanos()
        || floor.baseNanos() + floor.perSequenceNanos() * most
            > batch.stepNanos() + batch.perSequenceNanos() * most;
  }
}
