package dev.sluice.loadtest.workload;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The files of a trace, opened one after the other and found to have one format. */
final class TraceTexts implements Closeable {
  private final List<Path> paths;
  private final List<TraceText> opened = new ArrayList<>();
  private final TraceFormat format;
  private int next;

  TraceTexts(List<Path> paths) throws IOException {
    this.paths = paths;
    TraceText first = TraceText.open(paths.getFirst());
    opened.add(first);
    try {
      format = TraceFormat.detect(first.file(), first.head());
    } catch (IOException | RuntimeException e) {
      first.close();
      throw e;
    }
  }

  TraceFormat format() {
    return format;
  }

  /** Number of all files. */
  int count() {
    return paths.size();
  }

  /** Opens the next file; null when there is none left. Its reader closes it. */
  @Nullable TraceText next() throws IOException {
    if (next == paths.size()) {
      return null;
    }
    if (next == opened.size()) {
      opened.add(TraceText.open(paths.get(next)));
      TraceFormat other = TraceFormat.detect(opened.getLast().file(), opened.getLast().head());
      if (other != format) {
        throw new TraceException(
            "%s: %s (expected: %s, as the first file)"
                .formatted(opened.getLast().file(), other.title(), format.title()));
      }
    }
    return opened.get(next++);
  }

  /** The files as far as they have been read. */
  List<TraceSummary.TraceFile> files() {
    return opened.stream()
        .map(text -> new TraceSummary.TraceFile(text.file(), text.sha256()))
        .toList();
  }

  @Override
  public void close() throws IOException {
    for (TraceText text : opened) {
      text.close();
    }
  }
}
