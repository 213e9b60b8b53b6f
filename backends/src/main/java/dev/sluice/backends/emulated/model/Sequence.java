package dev.sluice.backends.emulated.model;

import org.jspecify.annotations.Nullable;

/**
 * One prompt and its answer as an engine works on them. Belongs to the engine it was submitted to.
 */
public final class Sequence {

  /** Where a sequence is. */
  enum Place {
    NEW,
    ARRIVING,
    WAITING,
    PREFILLING,
    DECODING,
    ENDED
  }

  private static final long[] NO_HASHES = {};

  private final long id;
  private final int promptTokens;
  private final int outputTokens;
  private final long[] blockHashes;

  Place place = Place.NEW;
  boolean cancelled;

  /** Rank by submission: first come, first served. */
  long rank;

  long submittedNanos;
  long readyNanos;
  long admittedNanos = Engine.NEVER;
  long firstTokenNanos = Engine.NEVER;
  long endedNanos = Engine.NEVER;

  /** Tokens that were out when the present stay began. */
  int tokensBefore;

  int preemptions;

  /** Tokens to compute before the next token: the prompt, and after a preemption what came out. */
  int prefillTokens;

  int prefilledTokens;

  /** Prompt tokens given to the sequence in the running step. */
  int chunkTokens;

  int cachedTokens;

  /** Step at whose end the present stay's first token is out. */
  long firstStep;

  /** Nanoseconds per token, of a slot engine. */
  double paceNanos;

  /** Blocks shared with others or to be shared; the first {@link #sharedCount} are valid. */
  KvCache.@Nullable Block @Nullable [] shared;

  int sharedCount;

  double joules;

  /** Reading of the engine's per-sequence energy when the present stay's decoding began. */
  double energyMark;

  @Nullable Sequence previous;
  @Nullable Sequence next;

  /** Position in the {@link SequenceHeap}; -1: not in it. */
  int heapIndex = -1;

  long heapKey;

  /**
   * A sequence without known prefix.
   *
   * @param id the caller's name for it
   * @param promptTokens at least 1
   * @param outputTokens how long its answer will be, at least 1
   */
  public Sequence(long id, int promptTokens, int outputTokens) {
    this(id, promptTokens, outputTokens, NO_HASHES);
  }

  /**
   * A sequence whose prompt may share a prefix with others.
   *
   * @param blockHashes one hash per full key-value block of the prompt, each over the whole prompt
   *     up to the block's end; not copied
   */
  public Sequence(long id, int promptTokens, int outputTokens, long[] blockHashes) {
    if (promptTokens < 1) {
      throw new IllegalArgumentException("promptTokens: " + promptTokens + " (expected: >= 1)");
    }
    if (outputTokens < 1) {
      throw new IllegalArgumentException("outputTokens: " + outputTokens + " (expected: >= 1)");
    }
    this.id = id;
    this.promptTokens = promptTokens;
    this.outputTokens = outputTokens;
    this.blockHashes = blockHashes;
    this.prefillTokens = promptTokens;
  }

  /** The caller's name for the sequence. */
  public long id() {
    return id;
  }

  /** Tokens of the prompt. */
  public int promptTokens() {
    return promptTokens;
  }

  /** Tokens of the whole answer. */
  public int outputTokens() {
    return outputTokens;
  }

  /** Prompt tokens that came from the prefix cache when the sequence was first admitted. */
  public int cachedTokens() {
    return cachedTokens;
  }

  /** How often the sequence was preempted. */
  public int preemptions() {
    return preemptions;
  }

  /** Energy spent on the sequence up to the end of its last stay in the engine. */
  public double joules() {
    return joules;
  }

  /** When the sequence was submitted. */
  public long submittedNanos() {
    return submittedNanos;
  }

  /** When the sequence first left the queue; {@link Engine#NEVER} before. */
  public long admittedNanos() {
    return admittedNanos;
  }

  /** When the first token came out; {@link Engine#NEVER} before. */
  public long firstTokenNanos() {
    return firstTokenNanos;
  }

  /** When the last token came out, or the sequence was cancelled; {@link Engine#NEVER} before. */
  public long endedNanos() {
    return endedNanos;
  }

  long[] blockHashes() {
    return blockHashes;
  }

  int totalTokens() {
    return promptTokens + outputTokens;
  }

  @Override
  public String toString() {
    return "Sequence[" + id + ", " + promptTokens + "+" + outputTokens + " tokens, " + place + "]";
  }
}
