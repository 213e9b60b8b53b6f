package dev.sluice.backends;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backends.sluice.EncodedTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Backend} promises. The test of each implementation extends it.
 *
 * <p>To see that something does not happen, a test lets another, longer generation run to its end
 * meanwhile: by then it would have happened.
 */
public abstract class BackendContractTest {

  private static final int ALL = Integer.MAX_VALUE;
  private static final int SHORT = 20;
  private static final int LONG = 200;

  /** More tokens than any test waits for. */
  private static final int ENDLESS = 4_000;

  private final List<Backend> opened = new ArrayList<>();

  /**
   * A fresh backend that serves {@code slots} generations at once, lets others wait, and makes some
   * thousand tokens per second for each.
   */
  protected abstract Backend open(int slots);

  /**
   * A request whose answer has exactly {@code outputTokens} tokens; up to {@value #ENDLESS} must be
   * possible.
   */
  protected Generation generation(int outputTokens) {
    return new Generation(
        "contract-" + outputTokens,
        "contract-model",
        new Prompt.Text("Tell me about " + outputTokens + " things."),
        Sampling.upTo(ENDLESS + 1),
        new Generation.Terms(0, 0, 0, 0, "", "", outputTokens));
  }

  /** The same at temperature 0, as an answer must be that another backend continues exactly. */
  protected static Generation withoutChance(Generation any) {
    return new Generation(
        any.requestId(),
        any.model(),
        any.prompt(),
        new Sampling(any.sampling().maxOutputTokens(), 0.0, null, null, null, List.of()),
        any.terms());
  }

  /**
   * Whether tokens that wait for {@link BackendCall#request} leave in one chunk. True for backends
   * that make the tokens; one that only passes on chunks of somebody else says false.
   */
  protected boolean joinsWaitingTokens() {
    return true;
  }

  @AfterEach
  void closeAll() {
    opened.forEach(Backend::close);
  }

  @Test
  void anAnswerArrivesWholeAndInOrder() {
    RecordingSink sink = new RecordingSink();
    opened(1).start(generation(LONG), sink).request(ALL);
    Completion completion = sink.awaitCompletion();
    assertThat(completion.outputTokens()).isEqualTo(LONG);
    assertThat(completion.reason()).isEqualTo(Completion.Reason.STOP);
    assertThat(completion.inputTokens()).isPositive();
    assertThat(sink.tokenCount()).isEqualTo(LONG);
    assertThat(sink.violations()).isEmpty();
  }

  @Test
  void noTokenComesBeforeItIsAskedFor() {
    Backend backend = opened(2);
    RecordingSink sink = new RecordingSink();
    BackendCall call = backend.start(generation(SHORT), sink);
    runToItsEnd(backend);
    assertThat(sink.chunks()).isEmpty();
    assertThat(sink.ends()).isZero();
    call.request(ALL);
    assertThat(sink.awaitCompletion().outputTokens()).isEqualTo(SHORT);
  }

  @Test
  void noMoreChunksComeThanWereAskedFor() {
    Backend backend = opened(2);
    RecordingSink sink = new RecordingSink();
    BackendCall call = backend.start(generation(ENDLESS), sink);
    for (int asked = 1; asked <= 2; asked++) {
      call.request(1);
      sink.awaitChunks(asked);
      runToItsEnd(backend);
      assertThat(sink.chunks()).hasSize(asked);
    }
    call.request(ALL);
    sink.awaitCompletion();
    assertThat(sink.tokenCount()).isEqualTo(ENDLESS);
    assertThat(sink.violations()).isEmpty();
  }

  @Test
  void tokensThatWaitLeaveTogether() {
    Backend backend = opened(2);
    RecordingSink sink = new RecordingSink();
    BackendCall call = backend.start(generation(SHORT), sink);
    runToItsEnd(backend);
    call.request(ALL);
    sink.awaitCompletion();
    assertThat(sink.tokenCount()).isEqualTo(SHORT);
    if (joinsWaitingTokens()) {
      assertThat(sink.chunks()).hasSize(1);
    }
  }

  @Test
  void goesOnTokenForTokenWithAnAnswerThatAnotherBegan() {
    RecordingSink whole = new RecordingSink();
    opened(1).start(generation(LONG), whole).request(ALL);
    whole.awaitCompletion();
    int chunks = whole.chunks().size();
    // tokens may have come several at a time: breaks between chunks only
    for (int last : new int[] {0, chunks / 2, chunks - 1}) {
      TokenChunk chunk = whole.chunks().get(last);
      int said = chunk.index() + chunk.count();
      String text = textOf(whole.chunks(), 0, said);
      RecordingSink rest = new RecordingSink(said);
      opened(1).start(after(said, text), rest).request(ALL);
      assertThat(rest.awaitCompletion().outputTokens()).isEqualTo(LONG);
      assertThat(rest.violations()).isEmpty();
      assertThat(rest.tokenCount()).isEqualTo(LONG - said);
      assertThat(text + textOf(rest.chunks(), said, LONG))
          .isEqualTo(textOf(whole.chunks(), 0, LONG));
    }
  }

  @Test
  void doesNotGoOnWithWhatItWouldNotHaveSaid() {
    RecordingSink sink = new RecordingSink(2);
    opened(1).start(after(2, "something else"), sink).request(ALL);
    assertThat(sink.awaitFailure())
        .isInstanceOfSatisfying(
            BackendFailure.Rejected.class,
            rejected ->
                assertThat(rejected.kind()).isEqualTo(BackendFailure.Rejected.Kind.INVALID));
  }

  private Generation after(int tokens, String text) {
    Generation whole = generation(LONG);
    return new Generation(
        whole.requestId(),
        whole.model(),
        whole.prompt(),
        whole.sampling(),
        whole.terms(),
        new Generation.Progress(tokens, text, List.of()));
  }

  /** Text of the tokens from {@code first} up to {@code end} of an answer. */
  private static String textOf(List<TokenChunk> chunks, int first, int end) {
    StringBuilder text = new StringBuilder();
    for (TokenChunk chunk : chunks) {
      byte[] wire = chunk.wire();
      TokenChunk read = wire == null ? chunk : EncodedTokens.decode(wire);
      if (read.index() >= first && read.index() + read.count() <= end) {
        text.append(read.text());
      }
    }
    return text.toString();
  }

  @Test
  void theEndNeedsNoPermission() {
    Backend backend = opened(1);
    RecordingSink sink = new RecordingSink();
    BackendCall call = backend.start(generation(1), sink);
    call.request(1);
    assertThat(sink.awaitCompletion().outputTokens()).isEqualTo(1);
    assertThat(sink.chunks()).hasSize(1);
  }

  @Test
  void whoFindsNoSlotWaits() {
    Backend backend = opened(1);
    RecordingSink first = new RecordingSink();
    RecordingSink second = new RecordingSink();
    backend.start(generation(LONG), first).request(ALL);
    // it has the slot: over two connections the order of two starts would be anybody's
    first.awaitChunks(1);
    backend.start(generation(SHORT), second).request(ALL);
    second.awaitCompletion();
    // served side by side the first would have as many as the second; its last ones may be under
    // way
    assertThat(first.tokenCount()).isGreaterThan(LONG / 2);
    assertThat(first.awaitCompletion().outputTokens()).isEqualTo(LONG);
  }

  @Test
  void cancellingFreesTheSlotAndSilencesTheSink() {
    Backend backend = opened(1);
    RecordingSink cancelled = new RecordingSink();
    RecordingSink next = new RecordingSink();
    BackendCall call = backend.start(generation(ENDLESS), cancelled);
    call.request(ALL);
    cancelled.awaitChunks(1);
    backend.start(generation(SHORT), next).request(ALL);
    call.cancel();
    int tokensAtCancel = cancelled.tokenCount();
    next.awaitCompletion();
    runToItsEnd(backend);
    assertThat(cancelled.ends()).isZero();
    assertThat(cancelled.tokenCount()).isLessThan(ENDLESS);
    assertThat(cancelled.chunks().size())
        .as("chunks; the one that was being delivered may come after")
        .isLessThanOrEqualTo(chunksOf(cancelled, tokensAtCancel) + 1);
  }

  private static int chunksOf(RecordingSink sink, int tokens) {
    return (int) sink.chunks().stream().filter(chunk -> chunk.index() < tokens).count();
  }

  @Test
  void cancellingTwiceOrAfterTheEndHasNoEffect() {
    Backend backend = opened(1);
    RecordingSink sink = new RecordingSink();
    BackendCall call = backend.start(generation(SHORT), sink);
    call.request(ALL);
    sink.awaitCompletion();
    call.cancel();
    call.cancel();
    call.request(1);
    runToItsEnd(backend);
    assertThat(sink.ends()).isEqualTo(1);
    assertThat(sink.violations()).isEmpty();
  }

  @Test
  void aGenerationCancelledBeforeItBeganStaysSilent() {
    Backend backend = opened(1);
    RecordingSink sink = new RecordingSink();
    BackendCall call = backend.start(generation(SHORT), sink);
    call.cancel();
    call.request(ALL);
    runToItsEnd(backend);
    assertThat(sink.ends()).isZero();
  }

  @Test
  void closingBreaksWhatRuns() {
    Backend backend = opened(1);
    RecordingSink running = new RecordingSink();
    RecordingSink waiting = new RecordingSink();
    backend.start(generation(ENDLESS), running).request(ALL);
    running.awaitChunks(1);
    backend.start(generation(SHORT), waiting).request(ALL);
    backend.close();
    assertThat(running.awaitFailure()).isInstanceOf(BackendFailure.Broke.class);
    assertThat(waiting.awaitFailure())
        .isInstanceOfAny(BackendFailure.Broke.class, BackendFailure.NeverSent.class);
    assertThat(running.violations()).isEmpty();
    assertThat(running.ends()).isEqualTo(1);
  }

  @Test
  void startingOnAClosedBackendFailsAndDoesNotThrow() {
    Backend backend = opened(1);
    backend.close();
    RecordingSink sink = new RecordingSink();
    BackendCall call = backend.start(generation(SHORT), sink);
    call.request(1);
    assertThat(sink.awaitFailure())
        .isInstanceOfAny(BackendFailure.NeverSent.class, BackendFailure.Broke.class);
    call.cancel();
    assertThat(sink.ends()).isEqualTo(1);
  }

  @Test
  void aSinkMayAskForEachChunkWhileItTakesTheOneBefore() {
    Backend backend = opened(1);
    RecordingSink record = new RecordingSink();
    OneByOne sink = new OneByOne(record, Runnable::run);
    sink.follow(backend.start(generation(LONG), sink));
    record.awaitCompletion();
    assertThat(record.tokenCount()).isEqualTo(LONG);
    assertThat(record.violations()).isEmpty();
  }

  @Test
  void manySinksMayAskFromOtherThreads() {
    Backend backend = opened(8);
    List<RecordingSink> records = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 40; i++) {
        RecordingSink record = new RecordingSink();
        records.add(record);
        OneByOne sink = new OneByOne(record, threads);
        sink.follow(backend.start(generation(SHORT), sink));
      }
      for (RecordingSink record : records) {
        assertThat(record.awaitCompletion().outputTokens()).isEqualTo(SHORT);
        assertThat(record.violations()).isEmpty();
      }
    }
  }

  /** Asks for one chunk, and for the next when it has come. */
  private static final class OneByOne implements TokenSink {

    private final RecordingSink record;
    private final Executor asking;
    private final CompletableFuture<BackendCall> call = new CompletableFuture<>();

    OneByOne(RecordingSink record, Executor asking) {
      this.record = record;
      this.asking = asking;
    }

    void follow(BackendCall started) {
      call.complete(started);
      started.request(1);
    }

    @Override
    public void tokens(TokenChunk chunk) {
      record.tokens(chunk);
      asking.execute(() -> call.join().request(1));
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

  private Backend opened(int slots) {
    Backend backend = open(slots);
    opened.add(backend);
    return backend;
  }

  private void runToItsEnd(Backend backend) {
    RecordingSink sink = new RecordingSink();
    backend.start(generation(LONG), sink).request(ALL);
    sink.awaitCompletion();
  }
}
