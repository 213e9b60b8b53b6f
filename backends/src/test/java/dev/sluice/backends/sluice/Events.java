package dev.sluice.backends.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Completion;
import dev.sluice.backends.TokenChunk;
import dev.sluice.backends.TokenSink;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A sink that keeps what it is told, for a test to take one by one. */
final class Events implements TokenSink {

  /** Far longer than anything here takes: a test that waits this long has failed. */
  private static final long PATIENCE_SECONDS = 20;

  private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();

  @Override
  public void tokens(TokenChunk chunk) {
    events.add(chunk);
  }

  @Override
  public void finished(Completion completion) {
    events.add(completion);
  }

  @Override
  public void failed(BackendFailure failure) {
    events.add(failure);
  }

  /** Waits for the next event, which must be a {@code type}. */
  <T> T next(Class<T> type) {
    try {
      Object event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(event).as("next event").isInstanceOf(type);
      return type.cast(event);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Events that came and were not taken. */
  int pending() {
    return events.size();
  }
}
