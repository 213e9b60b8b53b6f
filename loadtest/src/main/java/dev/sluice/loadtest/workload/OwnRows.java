package dev.sluice.loadtest.workload;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The format of our own, as CSV or as one JSON object a line. Needed are {@code arrival_s} (seconds
 * on any clock), {@code input_tokens} and {@code output_tokens}; the rest may be left out or empty:
 * {@code class}, {@code tenant}, {@code conversation} (a name that its turns share), {@code
 * ttft_ms}, {@code tpot_ms}, {@code total_ms} (the request's own budget), {@code prefix} (ids of
 * prompt blocks: in JSON a list, in CSV runs as {@code 0+14;46+13}) and {@code block_tokens}
 * (tokens of one block; 512).
 */
final class OwnRows implements LineParser.OfFields, LineParser.OfObject {
  static final List<String> COLUMNS = List.of("arrival_s", "input_tokens", "output_tokens");

  private static final List<String> LABELS =
      List.of("class", "tenant", "conversation", "ttft_ms", "tpot_ms", "total_ms", "block_tokens");
  private static final int MAX_BLOCK_TOKENS = 1 << 16;
  private static final Pattern RUN = Pattern.compile("(\\d{1,9})\\+(\\d{1,9})");

  private final TurnCounter turns = new TurnCounter();

  @Override
  public TraceLine read(CsvColumns columns) throws Malformed {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String name : COLUMNS) {
      fields.put(name, columns.field(name));
    }
    for (String name : LABELS) {
      fields.put(name, columns.field(name));
    }
    return row(fields, runs(columns.field("prefix")));
  }

  @Override
  public TraceLine read(JsonText json) throws Malformed {
    Map<String, String> fields = new LinkedHashMap<>();
    PrefixBlocks.Builder prefix = new PrefixBlocks.Builder();
    for (boolean more = json.openObject(); more; more = json.nextMember()) {
      String name = json.key();
      if (name.equals("prefix")) {
        for (boolean id = json.openList(); id; id = json.nextItem()) {
          prefix.add(Math.toIntExact(json.wholeNumber()), 1);
        }
      } else if (COLUMNS.contains(name) || LABELS.contains(name)) {
        fields.put(name, json.label());
      } else {
        json.skip();
      }
    }
    return row(fields, prefix);
  }

  private TraceLine row(Map<String, String> fields, PrefixBlocks.Builder prefix) throws Malformed {
    long blockTokens = optional(fields, "block_tokens", PrefixBlocks.BLOCK_TOKENS);
    if (blockTokens < 1 || blockTokens > MAX_BLOCK_TOKENS) {
      throw new Malformed("block_tokens: " + blockTokens + " (expected: 1 … 65536)");
    }
    TraceLine line =
        TraceLine.of(
            Decimals.nanos("arrival_s", needed(fields, "arrival_s"), 9),
            wholeNumber("input_tokens", needed(fields, "input_tokens")),
            wholeNumber("output_tokens", needed(fields, "output_tokens")),
            prefix.build((int) blockTokens));
    if (!(line instanceof TraceLine.Parsed)) {
      return line;
    }
    Terms terms = new Terms(label(fields, "tenant"), label(fields, "class"), budget(fields));
    return line.with(terms, turns.next(label(fields, "conversation")));
  }

  private static Budget budget(Map<String, String> fields) throws Malformed {
    return new Budget(
        budgetNanos(fields, "ttft_ms"),
        budgetNanos(fields, "tpot_ms"),
        budgetNanos(fields, "total_ms"));
  }

  private static long budgetNanos(Map<String, String> fields, String name) throws Malformed {
    String text = label(fields, name);
    if (text.isEmpty()) {
      return 0;
    }
    long nanos = Decimals.nanos(name, text, 6);
    if (nanos == 0) {
      throw new Malformed(name + ": " + text + " (expected: above 0, or nothing)");
    }
    return nanos;
  }

  private static PrefixBlocks.Builder runs(String text) throws Malformed {
    PrefixBlocks.Builder prefix = new PrefixBlocks.Builder();
    if (text.isEmpty()) {
      return prefix;
    }
    for (String run : List.of(text.split(";", -1))) {
      Matcher parts = RUN.matcher(run.strip());
      if (!parts.matches() || parts.group(2).equals("0")) {
        throw new Malformed("prefix: " + run + " (expected: runs such as 0+14;46+13)");
      }
      prefix.add(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)));
    }
    return prefix;
  }

  private static String needed(Map<String, String> fields, String name) throws Malformed {
    @Nullable String text = fields.get(name);
    if (text == null || text.isEmpty()) {
      throw new Malformed("a field is missing (expected: " + String.join(", ", COLUMNS) + ")");
    }
    return text;
  }

  private static String label(Map<String, String> fields, String name) {
    return fields.getOrDefault(name, "");
  }

  private static long optional(Map<String, String> fields, String name, long otherwise)
      throws Malformed {
    String text = label(fields, name);
    return text.isEmpty() ? otherwise : wholeNumber(name, text);
  }

  private static long wholeNumber(String name, String text) throws Malformed {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw new Malformed(name + ": " + text + " (expected: a whole number)");
    }
  }
}
