package dev.sluice.loadtest.workload;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The rows of one file that has one request a line, in the order of the file. */
final class LineFeed implements RowFeed {
  private final TraceText text;
  private final LineParser parser;
  private final Tally tally;

  LineFeed(TraceText text, LineParser parser, Tally tally) {
    this.text = text;
    this.parser = parser;
    this.tally = tally;
  }

  @Override
  public @Nullable TraceRow next() throws IOException {
    while (text.advance()) {
      tally.read();
      switch (text.overlong() ? overlong() : parser.parse(text.line())) {
        case TraceLine.Parsed(TraceRow row) -> {
          return row;
        }
        case TraceLine.Unusable(String kind, String detail) -> tally.drop(place(), kind, detail);
      }
    }
    return null;
  }

  private static TraceLine overlong() {
    return new TraceLine.Unusable(
        "line too long", "(expected: at most " + TraceText.MAX_LINE_CHARACTERS + " characters)");
  }

  @Override
  public String place() {
    return text.file() + ":" + text.lineNumber();
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
