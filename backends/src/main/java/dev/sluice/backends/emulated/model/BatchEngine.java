package dev.sluice.backends.emulated.model;

import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Service;
import java.util.ArrayList;
import java.util.List;

/**
 * A continuous-batching engine with chunked prefill, as vLLM V1 and Sarathi-Serve schedule it.
 *
 * @implNote Each step gives every decoding sequence one token and what is left of the token budget
 *     to prompts, first come, first served. A sequence is admitted while there is a place in the
 *     batch and memory above a watermark; when decoding sequences need more memory than there is,
 *     the latest arrival loses its own and is computed anew later, with the tokens it already gave
 *     as part of its prompt. A prompt's last chunk yields the first token at the end of its step.
 *     <p>No step touches each sequence. A sequence that gets its first token in step s has its k-th
 *     at the end of step s + k - 1, so steps are counted once for all, a heap orders sequences by
 *     their last step, and the key-value tokens read in step s are {@code kvOrigin + B·s}. While no
 *     prompt is processed and nobody comes or goes, all steps up to the next change form one {@link
 *     Stretch}, which costs the same whatever its length. Times are the same, to rounding, however
 *     a caller divides them (the tests compare).
 *     <p>Gives up: prompts become findable for the prefix cache when the whole prompt is computed,
 *     not block by block; attention's growth with the context of a prompt is in the profile's
 *     figure per prompt token.
 */
final class BatchEngine implements Engine {

  private final Service.Batch service;
  private final Service.BatchLimits limits;
  private final StepNoise noise;
  private final KvCache cache;
  private final BlockGrowth growth;
  private final EnergyMeter energy;

  // in the order of arrival, all of the next ahead of all of the one above it
  private final WaitingLine line;
  private final SequenceList prefilling = new SequenceList();
  private final SequenceList decoding = new SequenceList();

  private final SequenceHeap byLastStep = new SequenceHeap();
  private final List<Sequence> leaving = new ArrayList<>();
  private final Stretch stretch = new Stretch();

  /** Prompt tokens of the running step; above 0 the stretch is one step long. */
  private int chunkTokens;

  /** Steps that ended before the running stretch. */
  private long stepsDone;

  /** {@link #stepsDone} and those of the running stretch that ended by the last instant. */
  private long stepsNow;

  /** Sum over decoding sequences of {@code prefillTokens - firstStep}. */
  private long kvOrigin;

  /** Tokens not yet computed of the prompts that are being processed. */
  private long prefillTokensLeft;

  private long nowNanos;

  BatchEngine(Profile profile, Service.Batch service, StepNoise noise, long startNanos) {
    this.service = service;
    this.limits = service.limits();
    this.noise = noise;
    this.line = new WaitingLine((long) profile.overheadNanos());
    this.cache = new KvCache(limits);
    this.growth = new BlockGrowth(limits.blockTokens());
    this.energy = new EnergyMeter(profile.energy(), startNanos);
    this.nowNanos = startNanos;
    if (limits.chunkTokens() < 1 || limits.maxSequences() < 1) {
      throw new IllegalArgumentException(
          "chunkTokens, maxSequences: "
              + limits.chunkTokens()
              + ", "
              + limits.maxSequences()
              + " (expected: >= 1)");
    }
  }

  @Override
  public void submit(Sequence sequence, long nowNanos) {
    line.submit(sequence, longestSequenceTokens(), nowNanos);
    cutStretchForArrival();
  }

  @Override
  public void cancel(Sequence sequence, long nowNanos) {
    if (sequence.cancelled || sequence.place == Sequence.Place.ENDED) {
      return;
    }
    sequence.tokensBefore = tokens(sequence);
    sequence.cancelled = true;
    switch (sequence.place) {
      case ARRIVING, WAITING -> {
        line.remove(sequence);
        end(sequence, nowNanos);
      }
      case PREFILLING, DECODING -> leaving.add(sequence);
      case NEW, ENDED -> throw new IllegalStateException(sequence + " (expected: submitted)");
    }
    if (stretch.running()) {
      stretch.cutAt(nowNanos);
    }
  }

  private static void end(Sequence sequence, long atNanos) {
    sequence.place = Sequence.Place.ENDED;
    sequence.endedNanos = atNanos;
  }

  /** Ends the stretch when the next arrival is there, unless someone waits before it anyway. */
  private void cutStretchForArrival() {
    if (stretch.running() && line.first() == null && line.nextArrivalNanos() != NEVER) {
      stretch.cutAt(line.nextArrivalNanos());
    }
  }

  @Override
  public long nextEventNanos() {
    return stretch.running() ? stretch.endNanos() : line.nextArrivalNanos();
  }

  @Override
  public long nextTokenNanos() {
    return stretch.running() && stepsNow - stepsDone < stretch.steps()
        ? stretch.endOf(stepsNow - stepsDone + 1)
        : nextEventNanos();
  }

  @Override
  public void advanceTo(long nowNanos, EngineListener listener) {
    for (long due = nextEventNanos(); due <= nowNanos; due = nextEventNanos()) {
      this.nowNanos = Math.max(this.nowNanos, due);
      if (stretch.running()) {
        endStretch(due, listener);
      }
      line.takeArrivals(due);
      planStretch(due, listener);
    }
    this.nowNanos = Math.max(this.nowNanos, nowNanos);
    stepsNow = stepsDone + (stretch.steps() > 1 ? stretch.stepsBy(nowNanos) : 0);
  }

  private void endStretch(long atNanos, EngineListener listener) {
    long steps = stretch.steps();
    cache.allocate(growth.blocks(stepsDone + 1, steps));
    energy.decoded((double) steps, decoding.size());
    stepsDone += steps;
    stepsNow = stepsDone;
    stretch.end();
    releaseLeaving(atNanos);
    endChunks(atNanos, listener);
    endAnswers(atNanos, listener);
    releaseLeaving(atNanos);
  }

  private void endChunks(long atNanos, EngineListener listener) {
    if (chunkTokens == 0) {
      return;
    }
    chunkTokens = 0;
    Sequence sequence = prefilling.first();
    while (sequence != null && sequence.chunkTokens > 0) {
      Sequence next = sequence.next;
      sequence.prefilledTokens += sequence.chunkTokens;
      prefillTokensLeft -= sequence.chunkTokens;
      sequence.chunkTokens = 0;
      if (sequence.prefilledTokens == sequence.prefillTokens) {
        beginDecoding(sequence, atNanos, listener);
      }
      sequence = next;
    }
  }

  private void beginDecoding(Sequence sequence, long atNanos, EngineListener listener) {
    prefilling.remove(sequence);
    decoding.addLast(sequence);
    sequence.place = Sequence.Place.DECODING;
    sequence.firstStep = stepsDone;
    byLastStep.add(sequence, stepsDone + sequence.outputTokens() - sequence.tokensBefore - 1);
    kvOrigin += sequence.prefillTokens - stepsDone;
    growth.add(sequence);
    cache.promptComputed(sequence);
    energy.beginDecoding(sequence);
    if (sequence.firstTokenNanos == NEVER && !sequence.cancelled) {
      sequence.firstTokenNanos = atNanos;
      listener.firstToken(sequence, atNanos);
    }
  }

  private void endAnswers(long atNanos, EngineListener listener) {
    Sequence sequence = byLastStep.first();
    while (sequence != null && sequence.heapKey <= stepsDone) {
      release(sequence);
      end(sequence, atNanos);
      if (!sequence.cancelled) {
        listener.finished(sequence, atNanos);
      }
      sequence = byLastStep.first();
    }
  }

  private void releaseLeaving(long atNanos) {
    for (Sequence sequence : leaving) {
      if (sequence.place != Sequence.Place.ENDED) {
        release(sequence);
        end(sequence, atNanos);
      }
    }
    leaving.clear();
  }

  /** Takes a sequence out of the batch and frees its blocks. */
  private void release(Sequence sequence) {
    if (sequence.place == Sequence.Place.PREFILLING) {
      prefilling.remove(sequence);
      chunkTokens -= sequence.chunkTokens;
      sequence.chunkTokens = 0;
      prefillTokensLeft -= sequence.prefillTokens - sequence.prefilledTokens;
      cache.release(sequence, sequence.prefillTokens);
      return;
    }
    long decodeSteps = stepsDone - sequence.firstStep;
    decoding.remove(sequence);
    byLastStep.remove(sequence);
    growth.remove(sequence);
    kvOrigin -= sequence.prefillTokens - sequence.firstStep;
    energy.endDecoding(sequence, (double) decodeSteps);
    cache.release(sequence, sequence.prefillTokens + decodeSteps);
  }

  private void planStretch(long atNanos, EngineListener listener) {
    boolean preempted = preemptUntilGrowthFits(atNanos, listener);
    int budget = limits.chunkTokens() - decoding.size();
    budget = giveToPrefilling(budget);
    if (!preempted) {
      admit(budget, atNanos, listener);
    }
    if (chunkTokens == 0 && decoding.isEmpty()) {
      energy.beginIdle(atNanos);
      return;
    }
    energy.endIdle(atNanos);
    beginStretch(atNanos, preempted);
  }

  private boolean preemptUntilGrowthFits(long atNanos, EngineListener listener) {
    boolean preempted = false;
    while (growth.at(stepsDone + 1) > cache.freeBlocks()) {
      Sequence latest = prefilling.last();
      if (latest == null) {
        latest = decoding.last();
      }
      if (latest == null) {
        throw new IllegalStateException(cache + " (expected: room for those who decode)");
      }
      preempt(latest);
      preempted = true;
      listener.preempted(latest, atNanos);
      // whom the listener cancelled must not be preempted
      releaseLeaving(atNanos);
    }
    return preempted;
  }

  private void preempt(Sequence sequence) {
    if (sequence.place == Sequence.Place.DECODING) {
      int tokens = tokens(sequence);
      release(sequence);
      sequence.tokensBefore = tokens;
      sequence.prefillTokens = sequence.promptTokens() + tokens;
    } else {
      release(sequence);
    }
    sequence.prefilledTokens = 0;
    sequence.preemptions++;
    line.putBack(sequence);
  }

  private int giveToPrefilling(int budget) {
    int left = budget;
    Sequence sequence = prefilling.first();
    while (sequence != null && left > 0) {
      left -= giveChunk(sequence, left);
      sequence = sequence.next;
    }
    return left;
  }

  private void admit(int budget, long atNanos, EngineListener listener) {
    int left = budget;
    int reserved = growth.at(stepsDone + 1);
    Sequence sequence = line.first();
    while (sequence != null
        && left > 0
        && decoding.size() + prefilling.size() < limits.maxSequences()) {
      int found = cache.tryAdmit(sequence, reserved);
      if (found < 0) {
        return;
      }
      line.remove(sequence);
      prefilling.addLast(sequence);
      sequence.place = Sequence.Place.PREFILLING;
      sequence.prefilledTokens = found;
      prefillTokensLeft += sequence.prefillTokens - found;
      left -= giveChunk(sequence, left);
      if (sequence.admittedNanos == NEVER) {
        sequence.admittedNanos = atNanos;
        sequence.cachedTokens = found;
        listener.admitted(sequence, atNanos);
      }
      sequence = line.first();
    }
  }

  private int giveChunk(Sequence sequence, int budget) {
    int tokens = Math.min(budget, sequence.prefillTokens - sequence.prefilledTokens);
    sequence.chunkTokens = tokens;
    chunkTokens += tokens;
    energy.prefilled(sequence, tokens);
    return tokens;
  }

  private void beginStretch(long atNanos, boolean preempted) {
    int sequences = decoding.size();
    long kvTokens = kvOrigin + sequences * (stepsDone + 1);
    double stepNanos = service.stepNanos(sequences, kvTokens, chunkTokens);
    if (chunkTokens > 0 || !noise.isNone()) {
      stretch.begin(atNanos, stepNanos * noise.next(), 0, 1);
      return;
    }
    // who was preempted may be admitted again in the next step
    long steps = preempted ? 1 : quietSteps();
    double growthNanos = service.perKvTokenNanos() * sequences;
    double floorNanos =
        service.hostFloor().baseNanos() + service.hostFloor().perSequenceNanos() * sequences;
    if (stepNanos <= floorNanos && growthNanos > 0) {
      steps = Math.min(steps, stepsOnFloor(floorNanos, kvTokens, growthNanos));
      growthNanos = 0;
    }
    stretch.begin(atNanos, stepNanos, growthNanos, steps);
    cutStretchForArrival();
  }

  /** Steps until an answer ends or memory runs out; at least 1. */
  private long quietSteps() {
    Sequence firstToEnd = byLastStep.first();
    long steps = firstToEnd == null ? 1 : firstToEnd.heapKey - stepsDone;
    return Math.max(1, growth.stepsWithin(stepsDone + 1, steps, cache.freeBlocks()));
  }

  /** Steps that the host's floor, not the growing work, makes as long as they are; at least 1. */
  private long stepsOnFloor(double floorNanos, long kvTokens, double growthNanos) {
    double workNanos =
        service.stepNanos()
            + service.perSequenceNanos() * decoding.size()
            + service.perKvTokenNanos() * kvTokens;
    return Math.max(1, (long) Math.ceil((floorNanos - workNanos) / growthNanos));
  }

  @Override
  public int tokens(Sequence sequence) {
    if (sequence.cancelled || sequence.place == Sequence.Place.WAITING) {
      return sequence.tokensBefore;
    }
    return switch (sequence.place) {
      case DECODING -> sequence.tokensBefore + (int) (stepsNow - sequence.firstStep) + 1;
      case ENDED -> sequence.outputTokens();
      case NEW, ARRIVING, WAITING, PREFILLING -> sequence.tokensBefore;
    };
  }

  @Override
  public EngineLoad load() {
    return new EngineLoad(
        prefilling.size() + decoding.size(),
        line.size(),
        line.promptTokens() + prefillTokensLeft,
        cache.usedRatio(growth.blocks(stepsDone + 1, stepsNow - stepsDone)));
  }

  @Override
  public EnergyUse energy() {
    return energy.use(nowNanos);
  }

  @Override
  public int capacity() {
    return limits.maxSequences();
  }

  @Override
  public int longestSequenceTokens() {
    return cache.longestSequenceTokens();
  }

  @Override
  public String toString() {
    return "BatchEngine["
        + decoding.size()
        + " decoding, "
        + prefilling.size()
        + " prefilling, "
        + line.size()
        + " waiting, "
        + cache
        + "]";
  }
}
