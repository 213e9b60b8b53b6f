package dev.sluice.loadtest.workload;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The rows of files of lines, one file after the other. */
final class ChainedFeed implements RowFeed {
  private final TraceTexts texts;
  private final TraceOptions options;
  private final Tally tally;
  private @Nullable LineParser parser;
  private @Nullable LineFeed current;

  ChainedFeed(TraceTexts texts, TraceOptions options, Tally tally) {
    this.texts = texts;
    this.options = options;
    this.tally = tally;
  }

  @Override
  public @Nullable TraceRow next() throws IOException {
    while (true) {
      TraceRow row = current == null ? null : current.next();
      if (row != null) {
        return row;
      }
      close();
      TraceText text = texts.next();
      if (text == null) {
        return null;
      }
      text.advance();
      // One parser for all files: arrivals go on from one to the next.
      LineParser lines = parser == null ? texts.format().parser(text.line(), options) : parser;
      parser = lines;
      current = new LineFeed(text, lines, tally);
    }
  }

  @Override
  public String place() {
    return current == null ? "" : current.place();
  }

  @Override
  public void close() throws IOException {
    if (current != null) {
      current.close();
    }
  }
}
