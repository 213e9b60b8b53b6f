package dev.sluice.backends.openai;

import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Completion;
import dev.sluice.backends.TokenChunk;
import dev.sluice.backends.text.CountedText;
import dev.sluice.backends.text.FinishReasons;
import dev.sluice.backends.text.TokenCounts;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * What has come of one answer: its bytes go in, chunks of tokens and an end come out. Waits for
 * nothing and knows no connection.
 *
 * <p>Tokens are counted as {@link CountedText} says; a piece of text is an event's.
 *
 * <p>Refusals and pieces of calls of tools are passed on as they are where the caller asked for
 * more than words; where it did not, a refusal is words too.
 *
 * <p>The end is the first of: a reason to end and the account; {@code [DONE]} or the end of the
 * stream after a reason. An end without a reason is a broken answer.
 */
final class Answer {

  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  private final Reading reading;
  private final int firstIndex;
  private final boolean isMoreThanWords;
  private final SseReader events = new SseReader();
  private final Event event = new Event();

  private final CountedText text;
  private Completion.@Nullable Reason reason;
  private boolean done;
  private long accountInputTokens = Event.UNKNOWN;
  private long accountOutputTokens = Event.UNKNOWN;
  private long accountCachedTokens = Event.UNKNOWN;
  private double queueSeconds = Event.UNKNOWN;
  private @Nullable BackendFailure failure;

  /**
   * What answers of a backend are read with.
   *
   * @param events reads events
   * @param counts counts what the engine does not
   * @param refusals names failures
   */
  record Reading(EventReader events, TokenCounts counts, Refusals refusals) {}

  /**
   * An answer of which nothing has come.
   *
   * @param firstIndex index of its first token; above 0 when it goes on with another's
   * @param mostTokens most tokens that were asked for
   * @param isMoreThanWords whether the caller takes what is no text
   */
  Answer(Reading reading, int firstIndex, int mostTokens, boolean isMoreThanWords) {
    this.reading = reading;
    this.firstIndex = firstIndex;
    this.isMoreThanWords = isMoreThanWords;
    text = new CountedText(reading.counts(), firstIndex, mostTokens);
  }

  /** Takes the next bytes of the stream. */
  void feed(byte[] bytes, int offset, int length) {
    try {
      events.feed(bytes, offset, length, this::take);
    } catch (SseReader.TooLargeException _) {
      fail(reading.refusals().violation(SseReader.TOO_LARGE));
    }
    closeWhenWhole();
  }

  /** Takes the end of the stream, which is also what a silence after the reason comes to. */
  void endOfStream() {
    events.end(this::take);
    if (reason == null) {
      fail(reading.refusals().violation("an end without finish_reason"));
    }
    done = true;
    closeWhenWhole();
  }

  private void take(byte[] bytes, int offset, int length) {
    if (failure != null || done) {
      return;
    }
    if (Arrays.equals(bytes, offset, offset + length, DONE, 0, DONE.length)) {
      done = true;
      if (reason == null) {
        fail(reading.refusals().violation("[DONE] without finish_reason"));
      }
      return;
    }
    try {
      reading.events().read(bytes, offset, length, event);
    } catch (JacksonException _) {
      fail(reading.refusals().violation("an event that is not JSON"));
      return;
    }
    if (event.isError) {
      fail(reading.refusals().inStream(event, text.hasBegun()));
      return;
    }
    takeAccount();
    takeText();
    takeReason();
  }

  private void takeAccount() {
    if (event.inputTokens != Event.UNKNOWN) {
      accountInputTokens = event.inputTokens;
    }
    // before the reason to end it is the count so far
    String said = event.finishReason;
    boolean isFinal = reason != null || (said != null && !said.isEmpty());
    if (isFinal && event.outputTokens != Event.UNKNOWN) {
      accountOutputTokens = event.outputTokens;
    }
    if (event.cachedTokens != Event.UNKNOWN) {
      accountCachedTokens = event.cachedTokens;
    }
    if (event.queueSeconds >= 0) {
      queueSeconds = event.queueSeconds;
    }
  }

  private void takeText() {
    String words = isMoreThanWords ? event.text : event.words();
    String came = words == null ? "" : words;
    List<String> deltas = isMoreThanWords ? event.deltas() : List.of();
    if (came.isEmpty() && deltas.isEmpty() && !event.hasReasoning) {
      return;
    }
    if (reason != null) {
      fail(reading.refusals().violation("text after finish_reason"));
      return;
    }
    text.add(came, deltas, event.runningTokens);
  }

  private void takeReason() {
    String said = event.finishReason;
    if (said == null || said.isEmpty() || reason != null) {
      return;
    }
    reason = FinishReasons.of(said);
    if (reason == null) {
      fail(reading.refusals().broke("finish_reason of a broken answer"));
    }
  }

  private void closeWhenWhole() {
    if (isWhole() && failure == null) {
      text.settle(accountOutputTokens);
    }
  }

  private void fail(BackendFailure why) {
    if (failure == null) {
      failure = why;
    }
  }

  /** Why it is broken; null while it is not. */
  @Nullable BackendFailure failure() {
    return failure;
  }

  /** Whether tokens are there that were not taken. */
  boolean hasTokens() {
    return text.hasTokens();
  }

  /** Characters that were not taken. */
  int pendingCharacters() {
    return text.pendingCharacters();
  }

  /** Takes all tokens that are there. */
  TokenChunk takeTokens() {
    return text.take();
  }

  /** Whether it said why it ends. */
  boolean hasReason() {
    return reason != null;
  }

  /** Whether nothing more is to come of it. */
  boolean isWhole() {
    return reason != null && (done || accountOutputTokens != Event.UNKNOWN);
  }

  /** Seconds that the request waited at the engine; below zero when it did not say. */
  double queueSeconds() {
    return queueSeconds;
  }

  /**
   * The account of a whole answer, of which all tokens were taken.
   *
   * @param estimatedInputTokens tokens of the prompt, should the engine not have said
   */
  Completion completion(int estimatedInputTokens) {
    int input =
        accountInputTokens == Event.UNKNOWN
            ? estimatedInputTokens
            // what others had said was part of the prompt, and is part of the answer
            : Math.max(0, (int) accountInputTokens - firstIndex);
    Completion.Reason why = reason;
    return text.completion(
        why == null ? Completion.Reason.STOP : why, input, (int) Math.max(0, accountCachedTokens));
  }

  /** Tells how far it is, not what it says. */
  @Override
  public String toString() {
    return "Answer[" + text + (isWhole() ? ", whole" : "") + "]";
  }
}
