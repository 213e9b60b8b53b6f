package dev.sluice.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class SerialQueueTest {

  @Test
  void aTaskBroughtByATaskRunsAfterIt() {
    List<String> order = new ArrayList<>();
    SerialQueue queue = new SerialQueue(bug -> {});
    queue.run(
        () -> {
          queue.run(() -> order.add("inner"));
          order.add("outer");
        });
    assertThat(order).containsExactly("outer", "inner");
  }

  @Test
  void tasksOfManyThreadsNeverOverlapAndNoneIsLost() throws Exception {
    int threads = 4;
    int tasks = 20_000;
    int[] unguarded = {0};
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger overlaps = new AtomicInteger();
    SerialQueue queue = new SerialQueue(bug -> {});
    CountDownLatch done = new CountDownLatch(threads * tasks);
    for (int t = 0; t < threads; t++) {
      Thread.ofPlatform()
          .start(
              () -> {
                for (int i = 0; i < tasks; i++) {
                  queue.run(
                      () -> {
                        if (inside.getAndIncrement() > 0) {
                          overlaps.incrementAndGet();
                        }
                        unguarded[0]++;
                        inside.decrementAndGet();
                        done.countDown();
                      });
                }
              });
    }
    assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(overlaps).hasValue(0);
    assertThat(unguarded[0]).isEqualTo(threads * tasks);
  }

  @Test
  void aTaskThatThrowsDoesNotStopTheNext() {
    List<RuntimeException> bugs = new ArrayList<>();
    List<String> order = new ArrayList<>();
    SerialQueue queue = new SerialQueue(bugs::add);
    queue.run(
        () -> {
          queue.run(() -> order.add("next"));
          throw new IllegalStateException("bug");
        });
    assertThat(bugs).hasSize(1);
    assertThat(order).containsExactly("next");
  }
}
