package dev.sluice.loadtest.workload;

/**
 * The place of a request in its conversation.
 *
 * <p>Rows of one conversation share a prompt prefix, and a scaled trace holds all of them or none.
 * Where a trace was recorded in a closed loop, a row also says after which answer it was sent, so
 * that a simulator may send it {@code thinkNanos} after the end of that answer, however long the
 * answer takes there, in place of at its recorded arrival.
 *
 * @param conversation identity of the conversation, unique in its trace and among overlaid copies;
 *     0: the request stands alone
 * @param ordinal number of the row in its conversation, from 0; unique in a closed loop, elsewhere
 *     the turn, which answers that were asked for twice share
 * @param previous ordinal of the row after whose answer this one is sent; -1: at its own arrival
 * @param thinkNanos from the end of that answer to this request; 0 without one
 */
public record Turn(long conversation, int ordinal, int previous, long thinkNanos) {
  /** A request outside any conversation. */
  public static final Turn NONE = new Turn(0, 0, -1, 0);

  public Turn {
    if (ordinal < 0 || previous < -1 || previous >= ordinal || thinkNanos < 0) {
      throw new IllegalArgumentException(
          "turn: %d after %d, %d ns of thought (expected: 0 …, an earlier one or -1, 0 …)"
              .formatted(ordinal, previous, thinkNanos));
    }
  }

  /** A turn that was sent at a time of its own. */
  static Turn recorded(long conversation, int ordinal) {
    return new Turn(conversation, ordinal, -1, 0);
  }

  /** The identity of a conversation that has this name; never 0. */
  static long conversationOf(String name) {
    return identity(Hashes.of(name));
  }

  /** A hash as an identity; never 0. */
  static long identity(long hash) {
    return hash == 0 ? 1 : hash;
  }

  /** Whether the request belongs to a conversation. */
  public boolean inConversation() {
    return conversation != 0;
  }

  /** Whether the request is sent after an answer rather than at its own arrival. */
  public boolean followsAnswer() {
    return previous >= 0;
  }

  /** The same turn of other users. */
  Turn inCopy(int copy) {
    return copy == 0 || conversation == 0
        ? this
        : new Turn(identity(Hashes.combine(conversation, copy)), ordinal, previous, thinkNanos);
  }
}
