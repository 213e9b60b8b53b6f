package dev.sluice.loadtest.workload;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The schedule that a live run saves ({@link Schedule#writeCsv}), so that the very same requests
 * can be played again in virtual time. A prefix in a space of its own, {@code @7:0+14}, keeps it.
 */
final class ScheduleRows implements LineParser.OfFields {
  static final List<String> COLUMNS =
      List.of("index", "intended_ns", "input_tokens", "output_tokens", "class", "prefix");

  private static final Pattern PREFIX = Pattern.compile("(?:@(-?\\d{1,10}):)?(.+)");
  private static final Pattern RUN = Pattern.compile("(-?\\d{1,10})\\+(\\d{1,9})");

  @Override
  public TraceLine read(CsvColumns columns) throws Malformed {
    long atNanos = columns.wholeNumber("intended_ns");
    if (atNanos < 0) {
      throw new Malformed("intended_ns: " + atNanos + " (expected: 0 or more)");
    }
    TraceLine line =
        TraceLine.of(
            atNanos,
            columns.wholeNumber("input_tokens"),
            columns.wholeNumber("output_tokens"),
            prefix(columns.field("prefix")));
    return line.with(Terms.ofClass(columns.field("class")), Turn.NONE);
  }

  private static PrefixBlocks prefix(String text) throws Malformed {
    Matcher parts = PREFIX.matcher(text);
    if (!parts.matches()) {
      return PrefixBlocks.NONE;
    }
    PrefixBlocks.Builder blocks = new PrefixBlocks.Builder();
    for (String run : List.of(parts.group(2).split(";", -1))) {
      Matcher ids = RUN.matcher(run);
      if (!ids.matches()) {
        throw new Malformed("prefix: " + run + " (expected: runs such as 0+14;46+13)");
      }
      blocks.add(whole(ids.group(1)), whole(ids.group(2)));
    }
    int space = parts.group(1) == null ? 0 : whole(parts.group(1));
    return blocks.build(PrefixBlocks.BLOCK_TOKENS).within(PrefixBlocks.BLOCK_TOKENS, space);
  }

  /** Of at most ten digits; what an int does not hold is out of range. */
  private static int whole(String digits) {
    return Math.toIntExact(Long.parseLong(digits));
  }
}
