package dev.sluice.gateway.core.fleet;

/**
 * What is known of a deployment's speed before anything was observed, from its profile.
 *
 * <p>Either steps shared by a batch, {@code T = max(a + b·B + g·K + π·C, host0 + host1·B)}, or
 * slots that do not feel each other.
 */
public sealed interface Figures {

  /** Tokens of a prompt of usual length: the mean of the Azure 2023 conversation trace. */
  int USUAL_PROMPT_TOKENS = 1155;

  /** Tokens of an answer of usual length: the mean of the same (Splitwise, ISCA 2024). */
  int USUAL_OUTPUT_TOKENS = 211;

  /** Time added to the first token whatever the load: network and request handling. */
  double overheadNanos();

  /**
   * Engine time that one request takes up, when {@code outputTokens} are generated: what a rented
   * engine's price is spent on.
   */
  double engineNanos(int promptTokens, int outputTokens);

  /** Time to the first token of a prompt of so many tokens when nothing else is under way. */
  double idleFirstTokenNanos(int promptTokens);

  /** Engine time that a prompt token takes up. */
  double enginePerPromptTokenNanos();

  /** Tokens of earlier prompts that can be found again at most; 0: none is kept. */
  long cacheTokens();

  /** Requests of usual length that it can serve in a second. */
  default double capacityPerSecond() {
    return 1e9 / engineNanos(USUAL_PROMPT_TOKENS, USUAL_OUTPUT_TOKENS);
  }

  /** Engine time that a token of an answer of usual length takes up. */
  default double enginePerOutputTokenNanos() {
    double promptNanos = engineNanos(USUAL_PROMPT_TOKENS, 0);
    return (engineNanos(USUAL_PROMPT_TOKENS, USUAL_OUTPUT_TOKENS) - promptNanos)
        / USUAL_OUTPUT_TOKENS;
  }

  /**
   * A continuous-batching engine.
   *
   * @param stepNanos a
   * @param perSequenceNanos b
   * @param perKvTokenNanos g
   * @param perPromptTokenNanos π
   * @param floor least length of a step, set by the host
   * @param limits what the scheduler allows
   * @param overheadNanos added to the first token
   */
  record Batch(
      double stepNanos,
      double perSequenceNanos,
      double perKvTokenNanos,
      double perPromptTokenNanos,
      Floor floor,
      Limits limits,
      double overheadNanos)
      implements Figures {

    /**
     * Batch at which a step's fixed cost is shared out when a cost is estimated: the one of the
     * measured price in science §3.3 (4×H100 at B = 64). The true one is not known beforehand.
     */
    private static final int TYPICAL_BATCH = 64;

    /**
     * Length of a step with {@code sequences} decoding over {@code kvTokens}, without prompt work.
     */
    public double decodeStepNanos(double sequences, double kvTokens) {
      return Math.max(
          stepNanos + perSequenceNanos * sequences + perKvTokenNanos * kvTokens,
          floor.baseNanos() + floor.perSequenceNanos() * sequences);
    }

    @Override
    public double engineNanos(int promptTokens, int outputTokens) {
      int batch = Math.min(TYPICAL_BATCH, limits.maxSequences());
      double kvNanos = perKvTokenNanos * (promptTokens + outputTokens / 2.0);
      return perPromptTokenNanos * promptTokens
          + outputTokens * (perSequenceNanos + stepNanos / batch + kvNanos);
    }

    @Override
    public double idleFirstTokenNanos(int promptTokens) {
      double steps = Math.ceil(promptTokens / (double) limits.chunkTokens());
      return overheadNanos + perPromptTokenNanos * promptTokens + stepNanos * steps;
    }

    @Override
    public double enginePerPromptTokenNanos() {
      return perPromptTokenNanos;
    }

    @Override
    public long cacheTokens() {
      return limits.cacheTokens();
    }
  }

  /** Least length of a step: {@code base + perSequence·B}. */
  record Floor(double baseNanos, double perSequenceNanos) {}

  /**
   * What the scheduler allows.
   *
   * @param chunkTokens most tokens of one step
   * @param maxSequences most sequences at once
   * @param kvTokens key-value tokens that fit
   * @param cacheTokens those of them in which earlier prompts are found again; 0: none are
   */
  record Limits(int chunkTokens, int maxSequences, long kvTokens, long cacheTokens) {

    /** Limits of an engine that keeps earlier prompts as long as they fit. */
    public Limits(int chunkTokens, int maxSequences, long kvTokens) {
      this(chunkTokens, maxSequences, kvTokens, kvTokens);
    }
  }

  /**
   * A slot engine.
   *
   * @param tokenNanos time per output token
   * @param slots sequences served at once
   * @param perPromptTokenNanos time per prompt token
   * @param fillNanos time to fill the pipeline
   * @param overheadNanos added to the first token
   */
  record Slots(
      double tokenNanos,
      int slots,
      double perPromptTokenNanos,
      double fillNanos,
      double overheadNanos)
      implements Figures {

    @Override
    public double engineNanos(int promptTokens, int outputTokens) {
      return (fillNanos + perPromptTokenNanos * promptTokens + tokenNanos * outputTokens) / slots;
    }

    @Override
    public double idleFirstTokenNanos(int promptTokens) {
      return overheadNanos + fillNanos + perPromptTokenNanos * promptTokens;
    }

    @Override
    public double enginePerPromptTokenNanos() {
      return perPromptTokenNanos / slots;
    }

    @Override
    public long cacheTokens() {
      return 0;
    }
  }
}
