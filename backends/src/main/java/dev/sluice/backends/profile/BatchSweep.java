package dev.sluice.backends.profile;

import dev.sluice.backends.profile.Service.Batch;
import dev.sluice.backends.profile.Service.Slots;
import java.util.ArrayList;
import java.util.List;

/** How a profile serves as more sequences share it, each with the reference context. */
final class BatchSweep {

  private BatchSweep() {}

  /**
   * One point of the sweep.
   *
   * @param sequences decoding together
   * @param tokenNanos time per token of each
   * @param perTokenJoules energy per token
   */
  record Point(int sequences, double tokenNanos, double perTokenJoules) {

    double tokensPerSecondEach() {
      return 1e9 / tokenNanos;
    }

    double tokensPerSecondInAll() {
      return sequences * tokensPerSecondEach();
    }
  }

  /** Powers of two up to the most that the profile serves at once, and that number itself. */
  static List<Point> of(Profile profile) {
    List<Point> points = new ArrayList<>();
    int most = mostSequences(profile.service());
    for (int sequences = 1; sequences < most; sequences *= 2) {
      points.add(point(profile, sequences));
    }
    points.add(point(profile, most));
    return points;
  }

  /** The point where {@code sequences} decode together. */
  static Point point(Profile profile, int sequences) {
    return new Point(
        sequences,
        tokenNanos(profile.service(), sequences),
        profile.energy().perTokenJoules(sequences));
  }

  private static double tokenNanos(Service service, int sequences) {
    return switch (service) {
      case Batch batch ->
          batch.stepNanos(sequences, (long) sequences * ProfileSheet.REFERENCE_CONTEXT_TOKENS, 0);
      case Slots slots -> slots.tokenNanos();
    };
  }

  private static int mostSequences(Service service) {
    return switch (service) {
      case Batch batch -> {
        long held = batch.limits().kvTokens() / ProfileSheet.REFERENCE_CONTEXT_TOKENS;
        yield (int) Math.max(1, Math.min(batch.limits().maxSequences(), held));
      }
      case Slots slots -> slots.slots();
    };
  }
}
