package dev.sluice.loadtest.workload;

/** Numbers the rows of each conversation in the order of the file. */
final class TurnCounter {
  private final RecentMap<Integer> counts = new RecentMap<>();

  /** The next turn of the conversation with this name; none without a name. */
  Turn next(String name) {
    if (name.isEmpty()) {
      return Turn.NONE;
    }
    long conversation = Turn.conversationOf(name);
    Integer count = counts.get(conversation);
    int ordinal = count == null ? 0 : count;
    counts.put(conversation, ordinal + 1);
    return Turn.recorded(conversation, ordinal);
  }
}
