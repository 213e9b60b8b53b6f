package dev.sluice.loadtest.workload;

import org.jspecify.annotations.Nullable;

/**
 * kvcache-ai/Mooncake (Qin and others, FAST 2025): {@code timestamp} in ms, {@code input_length},
 * {@code output_length} and {@code hash_ids}, one id for each 512 tokens of the prompt.
 */
final class MooncakeRows implements LineParser.OfObject {
  private static final long ABSENT = Long.MIN_VALUE;

  @Override
  public TraceLine read(JsonText json) throws Malformed {
    @Nullable String timestamp = null;
    long inputTokens = ABSENT;
    long outputTokens = ABSENT;
    PrefixBlocks prefix = PrefixBlocks.NONE;
    for (boolean more = json.openObject(); more; more = json.nextMember()) {
      switch (json.key()) {
        case "timestamp" -> timestamp = json.numberText();
        case "input_length" -> inputTokens = json.wholeNumber();
        case "output_length" -> outputTokens = json.wholeNumber();
        case "hash_ids" -> prefix = readIds(json, PrefixBlocks.BLOCK_TOKENS);
        default -> json.skip();
      }
    }
    if (timestamp == null || inputTokens == ABSENT || outputTokens == ABSENT) {
      throw new Malformed("a field is missing (expected: timestamp, input_length, output_length)");
    }
    long atNanos = Decimals.nanos("timestamp", timestamp, 6);
    TraceLine line = TraceLine.of(atNanos, inputTokens, outputTokens, prefix);
    long expected = Math.ceilDiv(inputTokens, PrefixBlocks.BLOCK_TOKENS);
    if (line instanceof TraceLine.Parsed && prefix.size() > 0 && prefix.size() != expected) {
      throw new Malformed(
          "hash_ids: %d ids for %d tokens (expected: %d)"
              .formatted(prefix.size(), inputTokens, expected));
    }
    return line;
  }

  /** A list of block ids. */
  static PrefixBlocks readIds(JsonText json, int blockTokens) throws Malformed {
    PrefixBlocks.Builder blocks = new PrefixBlocks.Builder();
    for (boolean more = json.openList(); more; more = json.nextItem()) {
      blocks.add(Math.toIntExact(json.wholeNumber()), 1);
    }
    return blocks.build(blockTokens);
  }
}
