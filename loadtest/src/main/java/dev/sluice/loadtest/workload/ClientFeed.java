package dev.sluice.loadtest.workload;

import java.io.IOException;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Requests drawn from fitted clients, in the order of their arrivals.
 *
 * <p>For each client and window the number of requests is rate × 600 s, rounded up or down at
 * random; the gaps, one more than requests, come from the window's family and are rescaled to fill
 * the window; prompts and answers are drawn independently from the client's block. Each window has
 * a generator of its own, split from seed, client and window.
 */
final class ClientFeed implements RowFeed {
  /** The requests of one client, window by window. */
  private static final class Arrivals {
    static final Comparator<Arrivals> EARLIEST =
        Comparator.comparingLong((Arrivals arrivals) -> arrivals.times[arrivals.next])
            .thenComparingInt(arrivals -> arrivals.number);

    private final ClientProfile client;
    private final Terms terms;
    private final int number;
    private final long seed;
    private int window;
    private long[] times = new long[0];
    private int next;
    private SplittableRandom lengthRandom = new SplittableRandom(0);

    Arrivals(ClientProfile client, int number, long seed) {
      this.client = client;
      terms = Terms.ofTenant(client.name());
      this.number = number;
      this.seed = Hashes.combine(seed, number);
    }

    /** Goes to the next window that has a request; false when there is none. */
    boolean fill() {
      while (next == times.length) {
        if (window == client.windows().size()) {
          return false;
        }
        draw(client.windows().get(window++));
      }
      return true;
    }

    private void draw(ClientProfile.Window drawn) {
      SplittableRandom random = new SplittableRandom(Hashes.combine(seed, drawn.startSeconds()));
      lengthRandom = random.split();
      double wanted = drawn.rate() * ClientProfile.WINDOW_SECONDS;
      int count = (int) (wanted + random.nextDouble());
      double[] ends = new double[count + 1];
      double total = 0;
      for (int i = 0; i <= count; i++) {
        total += drawn.family().draw(drawn.shape(), random);
        ends[i] = total;
      }
      times = new long[count];
      next = 0;
      for (int i = 0; i < count; i++) {
        double share = total > 0 ? ends[i] / total : (i + 1.0) / (count + 1);
        times[i] =
            drawn.startSeconds() * 1_000_000_000L
                + (long) (share * ClientProfile.WINDOW_SECONDS * 1e9);
      }
    }

    TraceRow take() {
      ClientProfile.Lengths lengths =
          client.lengthsAt(client.windows().get(window - 1).startSeconds());
      int input = lengths.input().draw(lengthRandom);
      int output = lengths.output().draw(lengthRandom);
      return new TraceRow(times[next++], input, output, PrefixBlocks.NONE, terms, Turn.NONE);
    }
  }

  private final TraceTexts texts;
  private final Tally tally;
  private final long seed;
  private final PriorityQueue<Arrivals> clients = new PriorityQueue<>(Arrivals.EARLIEST);
  private boolean loaded;
  private String place = "";

  ClientFeed(TraceTexts texts, long seed, Tally tally) {
    this.texts = texts;
    this.seed = seed;
    this.tally = tally;
  }

  @Override
  public @Nullable TraceRow next() throws IOException {
    if (!loaded) {
      loaded = true;
      load();
    }
    Arrivals first = clients.poll();
    if (first == null) {
      return null;
    }
    tally.read();
    TraceRow row = first.take();
    if (first.fill()) {
      clients.add(first);
    }
    return row;
  }

  private void load() throws IOException {
    int number = 0;
    for (TraceText text = texts.next(); text != null; text = texts.next()) {
      JsonText json = new JsonText(text, text.hasObjectPerLine());
      while (json.hasMore()) {
        place = text.file() + ":" + json.lineNumber();
        try {
          Arrivals arrivals = new Arrivals(new ClientReader(json).read(), number++, seed);
          if (arrivals.fill()) {
            clients.add(arrivals);
          }
        } catch (Malformed malformed) {
          tally.read();
          tally.drop(place, "broken client", malformed.getMessage());
          json.skipDocument();
        }
      }
      text.close();
    }
  }

  @Override
  public String place() {
    return place;
  }

  @Override
  public void close() throws IOException {
    texts.close();
  }
}
