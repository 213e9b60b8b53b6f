package dev.sluice.loadtest.simulate;

import dev.sluice.backends.emulated.model.Engine;
import dev.sluice.backends.emulated.model.EngineListener;
import dev.sluice.backends.emulated.model.Sequence;
import dev.sluice.backends.emulated.model.StepNoise;
import dev.sluice.backends.profile.Profile;
import java.util.List;

/**
 * What an output token costs an accelerator in energy, by the number of sequences that decode
 * together, measured on its engine.
 *
 * @param profile the accelerator
 * @param batches numbers of sequences to try
 * @param rivalJoules joules per output token of another accelerator, to be compared with
 */
record EnergySweep(Profile profile, List<Integer> batches, double rivalJoules) {

  /** Short prompts are computed in one step, so that all sequences decode together to the end. */
  private static final int PROMPT_TOKENS = 1;

  private static final int OUTPUT_TOKENS = 257;

  EnergySweep {
    batches = List.copyOf(batches);
  }

  /** Joules per output token of {@code sequences} that decode together. */
  double perTokenJoules(int sequences) {
    Engine engine = Engine.of(profile, StepNoise.none(), 0);
    for (int i = 0; i < sequences; i++) {
      engine.submit(new Sequence(i, PROMPT_TOKENS, OUTPUT_TOKENS), 0);
    }
    EngineListener nobody = new EngineListener() {};
    while (engine.nextEventNanos() != Engine.NEVER) {
      engine.advanceTo(engine.nextEventNanos(), nobody);
    }
    double promptJoules = sequences * PROMPT_TOKENS * profile.energy().perPromptTokenJoules();
    // the first token comes with the prompt and is paid for by it
    return (engine.energy().requestJoules() - promptJoules)
        / ((double) sequences * (OUTPUT_TOKENS - 1));
  }

  /**
   * The number of sequences from which on a token costs no more than the rival's, between the two
   * whole numbers next to it; infinite when it never does.
   */
  double crossover() {
    int most = Engine.of(profile, StepNoise.none(), 0).capacity();
    if (perTokenJoules(most) > rivalJoules) {
      return Double.POSITIVE_INFINITY;
    }
    int low = 0;
    int high = most;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (perTokenJoules(middle) > rivalJoules) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low == 0 ? 1 : between(low, high);
  }

  /** What a step costs is shared out, so energy is linear in the inverse of the batch. */
  private double between(int low, int high) {
    double above = perTokenJoules(low) - rivalJoules;
    double below = rivalJoules - perTokenJoules(high);
    double share = above / (above + below);
    return 1 / (1.0 / low + share * (1.0 / high - 1.0 / low));
  }
}
