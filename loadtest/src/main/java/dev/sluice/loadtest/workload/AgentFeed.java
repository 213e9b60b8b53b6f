package dev.sluice.loadtest.workload;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The rows of agent conversations. When conversations started is not published: the first starts at
 * 0, the others follow as a Poisson process, in the order of the files. Only conversations that
 * have started and have rows left are held.
 */
final class AgentFeed implements RowFeed {
  /** A conversation under way. */
  private static final class Open {
    static final Comparator<Open> EARLIEST =
        Comparator.comparingLong(Open::nextNanos).thenComparingInt(open -> open.number);

    private final List<TraceRow> rows;
    private final long startNanos;
    private final int number;
    private int next;

    Open(List<TraceRow> rows, long startNanos, int number) {
      this.rows = rows;
      this.startNanos = startNanos;
      this.number = number;
    }

    boolean isDone() {
      return next == rows.size();
    }

    long nextNanos() {
      return startNanos + rows.get(next).atNanos();
    }

    TraceRow take() {
      TraceRow row = rows.get(next).at(nextNanos());
      next++;
      return row;
    }
  }

  private final TraceTexts texts;
  private final TraceOptions options;
  private final Arc arc;
  private final Tally tally;
  private final ArrivalProcess starts = new ArrivalProcess.Poisson();
  private final SplittableRandom random;
  private final PriorityQueue<Open> open = new PriorityQueue<>(Open.EARLIEST);
  private @Nullable TraceText text;
  private @Nullable JsonText json;
  private int number;
  private double startNanos;
  private boolean ended;

  /**
   * A feed of conversations.
   *
   * @param arc which conversations, by their start, and where to
   */
  AgentFeed(TraceTexts texts, TraceOptions options, Arc arc, Tally tally) {
    this.texts = texts;
    this.options = options;
    this.arc = arc;
    this.tally = tally;
    random = new SplittableRandom(options.seed());
  }

  /** When the next conversation would have started: the length of the circle of starts. */
  long startsSpanNanos() {
    return Math.round(startNanos);
  }

  @Override
  public @Nullable TraceRow next() throws IOException {
    while (!ended && (open.isEmpty() || open.peek().nextNanos() >= comingNanos())) {
      openNext();
    }
    Open first = open.poll();
    if (first == null) {
      return null;
    }
    TraceRow row = first.take();
    if (!first.isDone()) {
      open.add(first);
    }
    return row;
  }

  private long comingNanos() {
    return startsSpanNanos() + arc.moveNanos();
  }

  private void openNext() throws IOException {
    AgentConversation conversation = readNext();
    if (conversation == null || startsSpanNanos() >= arc.untilNanos()) {
      ended = true;
      return;
    }
    List<TraceRow> rows = new AgentTimeline(conversation, number, place(), tally).rows();
    if (!rows.isEmpty() && startsSpanNanos() >= arc.fromNanos()) {
      open.add(new Open(rows, comingNanos(), number));
    }
    number++;
    startNanos += starts.drawGap(random) * 1e9 / options.conversationRate();
  }

  /** The next conversation that can be read; null at the end. */
  private @Nullable AgentConversation readNext() throws IOException {
    while (true) {
      JsonText current = json;
      if (current != null && current.hasMore()) {
        try {
          return new AgentReader(current).read();
        } catch (Malformed malformed) {
          tally.read();
          tally.drop(place(), "broken conversation", malformed.getMessage());
        } catch (ArithmeticException _) {
          tally.read();
          tally.drop(
              place(), "broken conversation", current.at("number out of range").getMessage());
        }
        current.skipDocument();
        continue;
      }
      close();
      text = texts.next();
      if (text == null) {
        return null;
      }
      json = new JsonText(text, text.hasObjectPerLine());
    }
  }

  @Override
  public String place() {
    return text == null || json == null ? "" : text.file() + ":" + json.lineNumber();
  }

  @Override
  public void close() throws IOException {
    if (text != null) {
      text.close();
    }
    json = null;
  }
}
