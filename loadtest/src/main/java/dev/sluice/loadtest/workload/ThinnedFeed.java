package dev.sluice.loadtest.workload;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A share of the rows of another feed: all rows of a conversation or none. A row that stands alone
 * is kept or left out by its number.
 */
final class ThinnedFeed implements RowFeed {
  private final RowFeed source;
  private final double share;
  private final long seed;
  private long number;

  ThinnedFeed(RowFeed source, double share, long seed) {
    this.source = source;
    this.share = share;
    this.seed = seed;
  }

  @Override
  public @Nullable TraceRow next() throws IOException {
    TraceRow row = source.next();
    while (row != null && !keeps(row)) {
      row = source.next();
    }
    return row;
  }

  private boolean keeps(TraceRow row) {
    number++;
    Turn turn = row.turn();
    long unit = turn.inConversation() ? turn.conversation() : Hashes.mix(-number);
    return Hashes.share(Hashes.combine(seed, unit)) < share;
  }

  @Override
  public String place() {
    return source.place();
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
