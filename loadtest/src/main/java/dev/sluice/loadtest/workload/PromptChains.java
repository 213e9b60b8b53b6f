package dev.sluice.loadtest.workload;

/**
 * Conversations told by their prompts, where a trace names none: each turn's prompt begins with the
 * turn before it. A row whose block ids begin with all whole blocks of an earlier row, two at
 * least, belongs to the conversation of the longest such row.
 *
 * <p>The first block alone says nothing: it is the system prompt that all share. A prompt that is
 * continued in many ways is a template rather than a turn; its continuations stand alone.
 */
final class PromptChains {
  private static final int LEAST_BLOCKS = 2;

  /**
   * Continuations of one prompt that pass for turns asked for again. The published traces have at
   * most 12; with no limit, one short prompt of a tool could join all its users.
   */
  private static final int MAX_CONTINUATIONS = 64;

  /** What is known of a prompt: its place in a conversation and how often it was continued. */
  private static final class Prompt {
    private final Turn turn;
    private int continuations;

    Prompt(Turn turn) {
      this.turn = turn;
    }
  }

  private final RecentMap<Prompt> prompts = new RecentMap<>();
  private long[] hashes = new long[64];
  private long conversations;

  /** The row with its place in a conversation. */
  TraceRow place(TraceRow row) {
    PrefixBlocks prefix = row.prefix();
    if (prefix.size() < LEAST_BLOCKS) {
      return row;
    }
    hash(prefix);
    Turn turn = turn(prefix.size());
    int wholeBlocks = Math.min(prefix.size(), row.inputTokens() / prefix.blockTokens());
    if (wholeBlocks >= LEAST_BLOCKS) {
      remember(wholeBlocks, turn);
    }
    if (wholeBlocks < prefix.size()) {
      remember(prefix.size(), turn);
    }
    return row.in(turn);
  }

  /** Puts a hash of the first n blocks at n. */
  private void hash(PrefixBlocks prefix) {
    if (hashes.length <= prefix.size()) {
      hashes = new long[2 * prefix.size()];
    }
    hashes[0] = prefix.space();
    for (int block = 0; block < prefix.size(); block++) {
      hashes[block + 1] = Hashes.combine(hashes[block], prefix.id(block));
    }
  }

  private Turn turn(int blocks) {
    for (int length = blocks; length >= LEAST_BLOCKS; length--) {
      Prompt earlier = prompts.get(hashes[length]);
      if (earlier != null) {
        earlier.continuations++;
        if (earlier.continuations <= MAX_CONTINUATIONS) {
          return Turn.recorded(earlier.turn.conversation(), earlier.turn.ordinal() + 1);
        }
        break;
      }
    }
    conversations++;
    return Turn.recorded(Turn.identity(Hashes.mix(conversations)), 0);
  }

  private void remember(int blocks, Turn turn) {
    Prompt known = prompts.get(hashes[blocks]);
    if (known == null || known.continuations <= MAX_CONTINUATIONS) {
      Prompt prompt = new Prompt(turn);
      prompt.continuations = known == null ? 0 : known.continuations;
      prompts.put(hashes[blocks], prompt);
    }
  }
}
