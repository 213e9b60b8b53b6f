package dev.sluice.loadtest.workload;

import org.jspecify.annotations.Nullable;

/**
 * alibaba-edu/qwen-bailian-usagetraces-anon (Wang and others, "KVCache Cache in the Wild", ATC
 * 2025): {@code timestamp} in seconds, {@code chat_id}, {@code parent_chat_id} (-1: none), {@code
 * turn}, {@code type}, {@code input_length}, {@code output_length} and {@code hash_ids}, one id for
 * each 16 tokens of the prompt.
 */
final class BailianRows implements LineParser.OfObject {
  private static final int BLOCK_TOKENS = 16;
  private static final long NO_PARENT = -1;
  private static final long ABSENT = Long.MIN_VALUE;

  /** Conversation of each chat. */
  private final RecentMap<Long> conversations = new RecentMap<>();

  @Override
  public TraceLine read(JsonText json) throws Malformed {
    @Nullable String timestamp = null;
    String type = "";
    long[] lengths = {ABSENT, ABSENT};
    long[] chat = {ABSENT, NO_PARENT, 1};
    PrefixBlocks prefix = PrefixBlocks.NONE;
    for (boolean more = json.openObject(); more; more = json.nextMember()) {
      switch (json.key()) {
        case "timestamp" -> timestamp = json.numberText();
        case "input_length" -> lengths[0] = json.wholeNumber();
        case "output_length" -> lengths[1] = json.wholeNumber();
        case "chat_id" -> chat[0] = json.wholeNumber();
        case "parent_chat_id" -> chat[1] = json.wholeNumber();
        case "turn" -> chat[2] = json.wholeNumber();
        case "type" -> type = json.label();
        case "hash_ids" -> prefix = MooncakeRows.readIds(json, BLOCK_TOKENS);
        default -> json.skip();
      }
    }
    if (timestamp == null || lengths[0] == ABSENT || lengths[1] == ABSENT || chat[0] == ABSENT) {
      throw new Malformed(
          "a field is missing (expected: timestamp, input_length, output_length, chat_id)");
    }
    long atNanos = Decimals.nanos("timestamp", timestamp, 9);
    return TraceLine.of(atNanos, lengths[0], lengths[1], prefix)
        .with(Terms.ofClass(type), turn(chat[0], chat[1], chat[2]));
  }

  /** A conversation is named by its first chat, or by the oldest that is known. */
  private Turn turn(long chat, long parent, long turn) throws Malformed {
    if (turn < 1 || turn > Integer.MAX_VALUE) {
      throw new Malformed("turn: " + turn + " (expected: 1 …)");
    }
    long oldest = parent == NO_PARENT ? chat : parent;
    Long known = conversations.get(oldest);
    long conversation = known == null ? Turn.identity(Hashes.mix(oldest)) : known;
    conversations.put(oldest, conversation);
    conversations.put(chat, conversation);
    return Turn.recorded(conversation, parent == NO_PARENT ? 0 : (int) turn - 1);
  }
}
