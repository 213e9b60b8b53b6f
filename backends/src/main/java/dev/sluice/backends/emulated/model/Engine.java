package dev.sluice.backends.emulated.model;

import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Service;

/**
 * The service-time model of one accelerator: says when each submitted sequence gets its tokens.
 *
 * <p>Driven by its caller, who owns time: whoever calls {@link #advanceTo} with the instants that
 * {@link #nextEventNanos} names sees every event at its exact instant, and may jump over all steps
 * in between. Instants never go back. A listener may submit and cancel while it is being told of an
 * event. Not thread-safe.
 */
public sealed interface Engine permits BatchEngine, SlotEngine {

  /** The instant of an event that is not in sight. */
  long NEVER = Long.MAX_VALUE;

  /** An idle engine with the figures of {@code profile}, as of {@code startNanos}. */
  static Engine of(Profile profile, StepNoise noise, long startNanos) {
    return switch (profile.service()) {
      case Service.Batch batch -> new BatchEngine(profile, batch, noise, startNanos);
      case Service.Slots slots -> new SlotEngine(profile, slots, noise, startNanos);
    };
  }

  /**
   * Takes a sequence that was never submitted before. It reaches the scheduler after the profile's
   * overhead.
   *
   * @throws IllegalArgumentException if the sequence is longer than {@link
   *     #longestSequenceTokens()}: it could never run
   */
  void submit(Sequence sequence, long nowNanos);

  /**
   * Withdraws a sequence; the listener hears nothing of it any more. What it holds is free at the
   * end of the step that runs. No effect on a sequence that has ended.
   */
  void cancel(Sequence sequence, long nowNanos);

  /**
   * The instant at which the state changes next if nothing is submitted or cancelled before; {@link
   * #NEVER} when idle. May lie in the past by as much as the caller is late.
   */
  long nextEventNanos();

  /** The instant at which some sequence has a further token, or of the next event if sooner. */
  long nextTokenNanos();

  /** Lets everything happen that is due up to and including {@code nowNanos}, in its order. */
  void advanceTo(long nowNanos, EngineListener listener);

  /** Tokens of {@code sequence} that are out as of the last {@link #advanceTo}. */
  int tokens(Sequence sequence);

  /** Load as of the last event. */
  EngineLoad load();

  /** Energy spent since the start, as of the last event. */
  EnergyUse energy();

  /** Most sequences that run at once. */
  int capacity();

  /** Most tokens, prompt and answer together, that one sequence can have. */
  int longestSequenceTokens();
}
