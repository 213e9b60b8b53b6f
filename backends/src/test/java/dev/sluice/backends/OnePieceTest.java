package dev.sluice.backends;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class OnePieceTest {

  private static final Vectors VECTORS = new Vectors(1, new float[] {1});

  private final AtomicInteger cancels = new AtomicInteger();

  @Test
  void permissionAndAnswerMayMeetAndAreDeliveredOnce() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      CyclicBarrier together = new CyclicBarrier(2);
      for (int i = 0; i < 2_000; i++) {
        RecordingSink sink = new RecordingSink();
        OnePiece call = new OnePiece(sink, cancels::incrementAndGet);
        Future<?> asking =
            threads.submit(
                () -> {
                  together.await();
                  call.request(1);
                  return null;
                });
        Future<?> answering =
            threads.submit(
                () -> {
                  together.await();
                  call.complete(VECTORS, 3);
                  return null;
                });
        asking.get();
        answering.get();
        assertThat(sink.ends()).isEqualTo(1);
        assertThat(sink.vectors()).isEqualTo(VECTORS);
        assertThat(sink.violations()).isEmpty();
      }
    }
    assertThat(cancels).hasValue(0);
  }

  @Test
  void afterItsEndNothingHasAnEffect() {
    RecordingSink sink = new RecordingSink();
    OnePiece call = new OnePiece(sink, cancels::incrementAndGet);
    call.fail(new BackendFailure.Broke("first"));
    call.fail(new BackendFailure.Broke("second"));
    call.complete(VECTORS, 3);
    call.request(1);
    call.cancel();
    assertThat(sink.awaitFailure()).isEqualTo(new BackendFailure.Broke("first"));
    assertThat(sink.ends()).isEqualTo(1);
    assertThat(sink.chunks()).isEmpty();
    assertThat(cancels).hasValue(0);
  }

  @Test
  void whoIsCancelledWhileTheChunkIsTakenHearsNoEnd() {
    RecordingSink record = new RecordingSink();
    CancellingSink sink = new CancellingSink(record);
    OnePiece call = new OnePiece(sink, cancels::incrementAndGet);
    sink.call = call;
    call.complete(VECTORS, 3);
    call.request(1);
    assertThat(record.chunks()).hasSize(1);
    assertThat(record.ends()).isZero();
  }

  /** Cancels what it takes a chunk of. */
  @SuppressWarnings("NullAway.Init") // the test sets the call
  private static final class CancellingSink implements TokenSink {
    private final TokenSink record;
    private OnePiece call;

    CancellingSink(TokenSink record) {
      this.record = record;
    }

    @Override
    public void tokens(TokenChunk chunk) {
      record.tokens(chunk);
      call.cancel();
    }

    @Override
    public void finished(Completion completion) {
      record.finished(completion);
    }

    @Override
    public void failed(BackendFailure failure) {
      record.failed(failure);
    }
  }
}
