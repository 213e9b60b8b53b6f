package dev.sluice.loadtest.workload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pass over the files of a trace: rows kept, rows dropped and why, order, origin of time,
 * conversations, statistics and repair of a coarse clock.
 */
final class FileCursor implements TraceCursor, RowFeed {
  /** Files that are merged by time are open at once. */
  private static final int MAX_MERGED_FILES = 256;

  private final TraceOptions options;
  private final Arc arc;

  /** Overlaid copies are not measured: the trace itself is read beside them. */
  private final boolean measures;

  private final Tally tally = new Tally();
  private final GapMeter recorded = new GapMeter();
  private final ProfileMeter given = new ProfileMeter();
  private final TokenCounts input = new TokenCounts();
  private final TokenCounts output = new TokenCounts();
  private final TraceTexts texts;
  private final RowFeed feed;
  private final @Nullable PromptChains chains;
  private final @Nullable CoarseTick tick;
  private boolean started;
  private long originNanos;
  private long lastNanos;

  /**
   * Opens the files.
   *
   * @param arc which conversations of a closed loop, by their start, and where to
   */
  FileCursor(List<Path> files, TraceOptions options, Arc arc) throws IOException {
    this.options = options;
    this.arc = arc;
    measures = arc.equals(Arc.ALL);
    texts = new TraceTexts(files);
    boolean mooncake = texts.format() == TraceFormat.MOONCAKE_JSONL;
    chains = mooncake ? new PromptChains() : null;
    tick = mooncake ? new CoarseTick(this::nextRecorded, options.seed()) : null;
    try {
      feed = feed();
    } catch (IOException | RuntimeException e) {
      texts.close();
      throw e;
    }
  }

  private RowFeed feed() throws IOException {
    return switch (texts.format()) {
      case AGENT_JSON -> new AgentFeed(texts, options, arc, tally);
      case SERVEGEN_CLIENTS_JSON -> new ClientFeed(texts, options.seed(), tally);
      case LENGTHS_CSV -> {
        if (options.arrivalRate() == 0) {
          throw new TraceException(
              texts.files().getFirst().name()
                  + ":1: lengths without arrivals (expected: an arrival rate to draw them at)");
        }
        yield new ChainedFeed(texts, options, tally);
      }
      default -> recordedFeed();
    };
  }

  private RowFeed recordedFeed() throws IOException {
    if (texts.count() > MAX_MERGED_FILES) {
      throw new TraceException(
          "%d files of %s (expected: at most %d that are merged by time)"
              .formatted(texts.count(), texts.format().title(), MAX_MERGED_FILES));
    }
    List<RowFeed> feeds = new ArrayList<>();
    for (TraceText text = texts.next(); text != null; text = texts.next()) {
      String header = texts.format().isCsv() && text.advance() ? text.line() : "";
      LineFeed lines = new LineFeed(text, texts.format().parser(header, options), tally);
      feeds.add(new OrderedFeed(lines, options.reorderRows(), tally));
    }
    return feeds.size() == 1 ? feeds.getFirst() : new MergedFeed(feeds);
  }

  @Override
  public @Nullable TraceRow next() throws IOException {
    TraceRow row;
    try {
      row = tick == null ? nextRecorded() : tick.next();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    if (row == null) {
      if (!started && measures) {
        throw unusable();
      }
      return null;
    }
    if (measures) {
      given.add(row);
    }
    lastNanos = row.atNanos();
    return row;
  }

  private TraceException unusable() {
    List<String> drops = tally.rows().drops();
    return new TraceException(
        texts.files().getFirst().name()
            + ": no usable row"
            + (drops.isEmpty() ? " (expected: at least one)" : ", first: " + drops.getFirst()));
  }

  private @Nullable TraceRow nextRecorded() throws IOException {
    TraceRow row = feed.next();
    if (row == null) {
      return null;
    }
    if (!started) {
      started = true;
      originNanos = texts.format().isRecorded() ? row.atNanos() : 0;
    }
    row = row.at(row.atNanos() - originNanos);
    if (chains != null) {
      row = chains.place(row);
    }
    if (measures) {
      measure(row);
    }
    return row;
  }

  private void measure(TraceRow row) {
    recorded.add(row.atNanos());
    input.add(row.inputTokens());
    output.add(row.outputTokens());
    if (options.contextTokens() > 0 && row.contextTokens() > options.contextTokens()) {
      tally.exceedContext();
    }
  }

  TraceFormat format() {
    return texts.format();
  }

  /** The circle on which shifted copies turn; known at the end. */
  long circleNanos() {
    return feed instanceof AgentFeed agents ? Math.max(1, agents.startsSpanNanos()) : lastNanos + 1;
  }

  @Override
  public TraceSummary summary() {
    TraceProfile shape = given.profile();
    return new TraceSummary(
        texts.format(),
        texts.files(),
        tally.rows(),
        shape.withGaps(recorded),
        shape,
        new TraceSummary.Tokens(input.statistics(), output.statistics()),
        tick != null && tick.governs());
  }

  @Override
  public Fidelity fidelity() {
    return new Fidelity(1, given.profile(), given.profile());
  }

  @Override
  public String place() {
    return feed.place();
  }

  @Override
  public void close() throws IOException {
    texts.close();
  }
}
