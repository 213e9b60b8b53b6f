package dev.sluice.backends.profile;

/**
 * How an accelerator serves: in steps shared by a batch, or in slots that do not feel each other.
 */
public sealed interface Service {

  /** The same serving at most {@code sequences} at once, at least 1. */
  Service withSequences(int sequences);

  /**
   * A continuous-batching engine (GPU, TPU, Gaudi, Ascend, CPU), whose work is done in steps:
   * {@code T = max(a + b·B + g·K + π·C, host0 + host1·B)} for B decoding sequences, K key-value
   * tokens read and C prompt tokens processed in the step.
   *
   * @param stepNanos a: a step's fixed cost
   * @param perSequenceNanos b: added by each decoding sequence
   * @param perKvTokenNanos g: added by each key-value token read
   * @param perPromptTokenNanos π: added by each prompt token processed
   * @param hostFloor least length of a step, set by the host
   * @param limits what the scheduler allows
   */
  record Batch(
      double stepNanos,
      double perSequenceNanos,
      double perKvTokenNanos,
      double perPromptTokenNanos,
      HostFloor hostFloor,
      BatchLimits limits)
      implements Service {

    public Batch {
      Checks.positive("stepNanos", stepNanos);
      Checks.notNegative("perSequenceNanos", perSequenceNanos);
      Checks.notNegative("perKvTokenNanos", perKvTokenNanos);
      Checks.notNegative("perPromptTokenNanos", perPromptTokenNanos);
    }

    @Override
    public Batch withSequences(int sequences) {
      return new Batch(
          stepNanos,
          perSequenceNanos,
          perKvTokenNanos,
          perPromptTokenNanos,
          hostFloor,
          limits.withSequences(sequences));
    }

    /**
     * Length in nanoseconds of a step with {@code sequences} decoding, {@code kvTokens} read and
     * {@code promptTokens} processed.
     */
    public double stepNanos(int sequences, long kvTokens, int promptTokens) {
      double work =
          stepNanos
              + perSequenceNanos * sequences
              + perKvTokenNanos * kvTokens
              + perPromptTokenNanos * promptTokens;
      return Math.max(work, hostFloor.baseNanos() + hostFloor.perSequenceNanos() * sequences);
    }
  }

  /** Least length of a step: {@code base + perSequence·B}. */
  record HostFloor(double baseNanos, double perSequenceNanos) {
    /** No floor. */
    public static final HostFloor NONE = new HostFloor(0, 0);

    public HostFloor {
      Checks.notNegative("baseNanos", baseNanos);
      Checks.notNegative("perSequenceNanos", perSequenceNanos);
    }
  }

  /**
   * What a continuous-batching scheduler allows.
   *
   * @param chunkTokens most tokens of one step, decoding and prompt together
   * @param maxSequences most sequences that run at once
   * @param kvTokens key-value tokens that fit into memory
   * @param blockTokens tokens of one key-value block
   * @param prefixCache whether blocks are kept and shared by prefix
   */
  record BatchLimits(
      int chunkTokens, int maxSequences, long kvTokens, int blockTokens, boolean prefixCache) {

    public BatchLimits {
      Checks.atLeast("chunkTokens", chunkTokens, 1);
      Checks.atLeast("maxSequences", maxSequences, 1);
      Checks.atLeast("kvTokens", kvTokens, 1);
      Checks.atLeast("blockTokens", blockTokens, 1);
    }

    private BatchLimits withSequences(int sequences) {
      return new BatchLimits(chunkTokens, sequences, kvTokens, blockTokens, prefixCache);
    }
  }

  /**
   * A slot engine (LPU, wafer): each sequence moves through the pipeline at its own constant pace
   * until the slots are full, then requests wait for one.
   *
   * @param tokenNanos time per output token
   * @param slots sequences served at once
   * @param perPromptTokenNanos time per prompt token of one sequence
   * @param fillNanos time to fill the pipeline before the first token
   */
  record Slots(double tokenNanos, int slots, double perPromptTokenNanos, double fillNanos)
      implements Service {

    public Slots {
      Checks.positive("tokenNanos", tokenNanos);
      Checks.atLeast("slots", slots, 1);
      Checks.notNegative("perPromptTokenNanos", perPromptTokenNanos);
      Checks.notNegative("fillNanos", fillNanos);
    }

    @Override
    public Slots withSequences(int sequences) {
      return new Slots(tokenNanos, sequences, perPromptTokenNanos, fillNanos);
    }
  }
}
