package dev.sluice.gateway.core.prediction;

import dev.sluice.gateway.core.fleet.Figures;
import dev.sluice.gateway.core.fleet.Track;
import dev.sluice.gateway.core.request.AdmittedRequest;
import java.util.Arrays;

/**
 * The forecast from first principles: the closed forms of science §2.2 and §2.3 over a profile's
 * figures and our own bookkeeping.
 *
 * <p>For an engine that works in steps, of which decoding takes B of the c tokens, with R prompt
 * tokens left to process before ours (p, of which h are cached), key-value tokens K and a share φ
 * of late engine time asked for by prompts:
 *
 * <pre>
 * TTFT  ≈ overhead + π·(R + p − h) + steps·(a + b·B + g·K) + wait for a place
 * steps ≈ ⌈(p − h)/(c − B)⌉, and ½ for the step that runs; behind others (R + p − h)/(c − B) + ½
 * TPOT  ≈ s + min(π·(c − B), φ·(s + TTFT/o) / (1 − φ)),  s = a + b·(B + 1) + g·(K + k)
 * </pre>
 *
 * <p>The last term is what the prompts of others add: those that come while ours is decoded, and
 * those that came while it waited, spread over its o tokens; but no step takes more than a chunk.
 *
 * <p>For an engine with slots neither depends on others until the slots are full; then requests
 * wait for one.
 */
final class Physics {

  /** Decodes go first, but a chunk that they fill to the last token would never end. */
  private static final double LEAST_CHUNK_SHARE = 1.0 / 16;

  /** A request that arrives while a step runs waits for its end: half a step on average. */
  private static final double LAG_STEPS = 0.5;

  /** Where prompts ask for all of an engine's time, the chunk is the bound. */
  private static final double LEAST_LEFT_SHARE = 1e-3;

  private Physics() {}

  /** Fills in the time to the first token of {@code request} in the situation {@code at}. */
  static void firstToken(Components parts, AdmittedRequest request, Figures figures, Situation at) {
    switch (figures) {
      case Figures.Batch batch -> firstToken(parts, request, batch, at);
      case Figures.Slots slots -> firstToken(parts, request, slots, at);
    }
  }

  /** Fills in the time per token after it; the time to the first token is known by now. */
  static void perToken(Components parts, AdmittedRequest request, Figures figures, Situation at) {
    switch (figures) {
      case Figures.Batch batch -> perToken(parts, request, batch, at);
      case Figures.Slots slots -> {
        Arrays.fill(parts.perToken, 0);
        parts.perToken[Components.STEP] = slots.tokenNanos();
        parts.saturated = false;
      }
    }
  }

  private static void firstToken(
      Components parts, AdmittedRequest request, Figures.Batch batch, Situation at) {
    double decoding = at.decoding();
    double chunk = chunkTokens(batch, decoding);
    double own = Math.max(1, request.promptTokens() - at.cachedTokens);
    double ahead = at.promptTokensAhead();
    double left = ahead == 0 ? 0 : Math.max(0, ahead - processedTokens(batch, at, chunk));
    double steps =
        ahead == 0
            ? Math.ceil(own / chunk) + (decoding > 0 ? LAG_STEPS : 0)
            : (left + own) / chunk + LAG_STEPS;
    double wait = waitNanos(batch, request, at);
    double[] first = parts.firstToken;
    first[Components.OVERHEAD] = batch.overheadNanos();
    first[Components.OWN_PROMPT] = batch.perPromptTokenNanos() * own;
    first[Components.PROMPTS_AHEAD] = batch.perPromptTokenNanos() * left;
    first[Components.STEPS] = steps * batch.stepNanos();
    first[Components.STEP_SEQUENCES] = steps * batch.perSequenceNanos() * decoding;
    first[Components.STEP_KV] = steps * batch.perKvTokenNanos() * at.load.kvTokens();
    first[Components.WAIT] = wait;
    parts.queued = ahead > 0 || wait > 0;
  }

  /** Prompt tokens of a step that decodes so many sequences. */
  private static double chunkTokens(Figures.Batch batch, double sequences) {
    int tokens = batch.limits().chunkTokens();
    return Math.max(tokens - sequences, LEAST_CHUNK_SHARE * tokens);
  }

  /**
   * Prompt tokens of those ahead that are processed when the request reaches the engine, at the
   * speed that was learned.
   */
  private static double processedTokens(Figures.Batch batch, Situation at, double chunk) {
    Track track = at.calibration.queuedFirstToken();
    double chunkNanos =
        track.factor(Components.PROMPTS_AHEAD) * batch.perPromptTokenNanos() * chunk
            + track.factor(Components.STEPS) * batch.stepNanos()
            + track.factor(Components.STEP_SEQUENCES) * batch.perSequenceNanos() * at.decoding()
            + track.factor(Components.STEP_KV) * batch.perKvTokenNanos() * at.load.kvTokens();
    double elapsedNanos = at.nowNanos + batch.overheadNanos() - at.aheadSinceNanos();
    return Math.max(0, elapsedNanos) / chunkNanos * chunk;
  }

  /** Wait for a sequence's place or for memory, whichever is scarcer; 0 while there is room. */
  private static double waitNanos(Figures.Batch batch, AdmittedRequest request, Situation at) {
    int places = batch.limits().maxSequences();
    double memoryTokens = batch.limits().kvTokens();
    double inFlight = at.inFlight();
    double askedTokens =
        (double) at.load.kvTokens() + at.load.prefillTokens() + request.promptTokens();
    if (inFlight < places && askedTokens <= memoryTokens) {
      return 0;
    }
    double excess = Math.max((inFlight + 1 - places) / places, askedTokens / memoryTokens - 1);
    return excess
        * request.output().mean()
        * batch.decodeStepNanos(Math.min(inFlight, places), at.load.kvTokens());
  }

  private static void perToken(
      Components parts, AdmittedRequest request, Figures.Batch batch, Situation at) {
    double sequences = Math.min(at.inFlight() + 1, batch.limits().maxSequences());
    double outputTokens = request.output().mean();
    double kvTokens =
        at.load.kvTokens() + at.load.prefillTokens() + request.promptTokens() + outputTokens / 2;
    double perSequence = batch.perSequenceNanos() * sequences;
    double perKv = batch.perKvTokenNanos() * kvTokens;
    double floor = batch.floor().baseNanos() + batch.floor().perSequenceNanos() * sequences;
    double fixed = Math.max(batch.stepNanos(), floor - perSequence - perKv);
    double share = at.load.prefillWork().share(at.nowNanos);
    double asked = share * (fixed + perSequence + perKv + at.firstTokenNanos / outputTokens);
    double chunkNanos = batch.perPromptTokenNanos() * chunkTokens(batch, sequences);
    double promptNanos = asked / Math.max(1 - share, LEAST_LEFT_SHARE);
    double[] perToken = parts.perToken;
    perToken[Components.STEP] = fixed;
    perToken[Components.SEQUENCES] = perSequence;
    perToken[Components.KV] = perKv;
    perToken[Components.PROMPTS] = Math.min(chunkNanos, promptNanos);
    parts.saturated = promptNanos >= chunkNanos;
  }

  private static void firstToken(
      Components parts, AdmittedRequest request, Figures.Slots slots, Situation at) {
    double ahead = at.inFlight() + 1 - slots.slots();
    double[] first = parts.firstToken;
    Arrays.fill(first, 0);
    first[Components.OVERHEAD] = slots.overheadNanos();
    first[Components.OWN_PROMPT] = promptNanos(slots, request.promptTokens());
    first[Components.WAIT] = ahead > 0 ? lifeNanos(slots, request, at) * ahead / slots.slots() : 0;
    parts.queued = ahead > 0;
  }

  private static double promptNanos(Figures.Slots slots, double promptTokens) {
    return slots.fillNanos() + slots.perPromptTokenNanos() * promptTokens;
  }

  /** How long those who have a slot keep it: their prompts are known, their answers as ours is. */
  private static double lifeNanos(Figures.Slots slots, AdmittedRequest request, Situation at) {
    double outputTokens = request.output().mean();
    double promptTokens =
        at.load.decoding() == 0
            ? request.promptTokens()
            : at.load.kvTokens() / (double) at.load.decoding() - outputTokens / 2;
    return promptNanos(slots, Math.max(1, promptTokens)) + slots.tokenNanos() * outputTokens;
  }
}
