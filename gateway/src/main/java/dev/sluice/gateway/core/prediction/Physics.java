package dev.sluice.gateway.core.prediction;

import dev.sluice.gateway.core.fleet.Figures;
import dev.sluice.gateway.core.fleet.Load;
import dev.sluice.gateway.core.fleet.Report;
import dev.sluice.gateway.core.request.AdmittedRequest;

/**
 * The forecast from first principles: the closed forms of science §2.2 and §2.3 over a profile's
 * figures and our own bookkeeping.
 *
 * <p>For an engine that works in steps, with R prompt tokens waiting before ours (p, of which h are
 * cached), B requests decoding over K key-value tokens and a share φ of late engine time spent on
 * prompts:
 *
 * <pre>
 * TTFT ≈ overhead + π·(R + p − h) + ⌈(R + p − h) / chunk⌉·(a + b·B + g·K) + wait for a place
 * TPOT ≈ (a + b·(B + 1) + g·(K + k)) / (1 − φ)
 * </pre>
 *
 * <p>For an engine with slots neither depends on others until the slots are full; then requests
 * wait for one.
 */
final class Physics {

  /**
   * Prompt work can not take all of an engine's time: decodes go first. Chosen without measurement.
   */
  private static final double MAX_PREFILL_SHARE = 0.8;

  private Physics() {}

  /**
   * Fills {@code parts} for {@code request} under {@code load} of our own and what {@code report}
   * tells of others, when {@code cachedTokens} of the prompt need no work.
   */
  static void fill(
      Components parts, AdmittedRequest request, Figures figures, Situation situation) {
    switch (figures) {
      case Figures.Batch batch -> batch(parts, request, batch, situation);
      case Figures.Slots slots -> slots(parts, request, slots, situation);
    }
  }

  /** What is known of an engine at one instant. */
  record Situation(Load load, Report report, int cachedTokens, long nowNanos) {}

  private static void batch(
      Components parts, AdmittedRequest request, Figures.Batch batch, Situation at) {
    Load load = at.load();
    double ahead = load.prefillTokens() + (double) at.report().hiddenPrefillTokens();
    double own = Math.max(1, request.promptTokens() - at.cachedTokens());
    double decoding = load.decoding() + (double) at.report().hiddenSequences();
    double steps = Math.ceil((ahead + own) / batch.limits().chunkTokens());
    double[] first = parts.firstToken;
    first[Components.OVERHEAD] = batch.overheadNanos();
    first[Components.OWN_PROMPT] = batch.perPromptTokenNanos() * own;
    first[Components.PROMPTS_AHEAD] = batch.perPromptTokenNanos() * ahead;
    first[Components.STEPS] = steps * batch.stepNanos();
    first[Components.STEP_SEQUENCES] = steps * batch.perSequenceNanos() * decoding;
    first[Components.STEP_KV] = steps * batch.perKvTokenNanos() * load.kvTokens();
    first[Components.WAIT] = waitNanos(batch, request, at);
    parts.queued = ahead > 0 || first[Components.WAIT] > 0;
    perToken(parts.perToken, request, batch, at);
  }

  /** Wait for a sequence's place or for memory, whichever is scarcer; 0 while there is room. */
  private static double waitNanos(Figures.Batch batch, AdmittedRequest request, Situation at) {
    Load load = at.load();
    int places = batch.limits().maxSequences();
    double inFlight = load.inFlight() + (double) at.report().hiddenSequences();
    double memoryUse =
        (load.kvTokens() + load.prefillTokens() + request.promptTokens())
            / (double) batch.limits().kvTokens();
    double excess = Math.max((inFlight + 1.0 - places) / places, Math.max(0, memoryUse - 1));
    if (excess <= 0) {
      return 0;
    }
    double lifeNanos =
        request.output().mean()
            * batch.decodeStepNanos(Math.min(inFlight, places), load.kvTokens());
    return excess * lifeNanos;
  }

  private static void perToken(
      double[] parts, AdmittedRequest request, Figures.Batch batch, Situation at) {
    Load load = at.load();
    double sequences =
        Math.min(
            load.inFlight() + at.report().hiddenSequences() + 1.0, batch.limits().maxSequences());
    double ownTokens = request.promptTokens() + request.output().mean() / 2;
    double kvTokens = load.kvTokens() + load.prefillTokens() + ownTokens;
    double left = 1 - Math.min(load.prefillWork().share(at.nowNanos()), MAX_PREFILL_SHARE);
    double step = batch.stepNanos() / left;
    double perSequence = batch.perSequenceNanos() * sequences / left;
    double perKv = batch.perKvTokenNanos() * kvTokens / left;
    double floor =
        (batch.floor().baseNanos() + batch.floor().perSequenceNanos() * sequences) / left;
    parts[Components.STEP] = Math.max(step, floor - perSequence - perKv);
    parts[Components.SEQUENCES] = perSequence;
    parts[Components.KV] = perKv;
  }

  private static void slots(
      Components parts, AdmittedRequest request, Figures.Slots slots, Situation at) {
    double ownNanos = slots.fillNanos() + slots.perPromptTokenNanos() * request.promptTokens();
    int ahead = at.load().inFlight() + at.report().hiddenSequences() + 1 - slots.slots();
    double lifeNanos = ownNanos + slots.tokenNanos() * request.output().mean();
    double[] first = parts.firstToken;
    first[Components.OVERHEAD] = slots.overheadNanos();
    first[Components.OWN_PROMPT] = ownNanos;
    first[Components.PROMPTS_AHEAD] = 0;
    first[Components.STEPS] = 0;
    first[Components.STEP_SEQUENCES] = 0;
    first[Components.STEP_KV] = 0;
    first[Components.WAIT] = ahead > 0 ? lifeNanos * ahead / slots.slots() : 0;
    parts.queued = ahead > 0;
    parts.perToken[Components.STEP] = slots.tokenNanos();
    parts.perToken[Components.SEQUENCES] = 0;
    parts.perToken[Components.KV] = 0;
  }
}
