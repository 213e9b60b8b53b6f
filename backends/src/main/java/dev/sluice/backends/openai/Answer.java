package dev.sluice.backends.openai;

import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Completion;
import dev.sluice.backends.TokenChunk;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * What has come of one answer: its bytes go in, chunks of tokens and an end come out. Waits for
 * nothing and knows no connection.
 *
 * <p>Tokens are counted as the engine counts them where its events say so, else one for each event
 * with text, which is what engines send unless a character took several tokens. The account at the
 * end is the truth: tokens that it has and no event showed (a token of the end, pieces of a
 * character) leave as a last chunk without text, so that the chunks add up to it. An account that
 * has fewer than came is not believed, nor one that has more than were asked for.
 *
 * <p>Refusals and pieces of calls of tools are passed on as they are where the caller asked for
 * more than words; where it did not, a refusal is words too.
 *
 * <p>The end is the first of: a reason to end and the account; {@code [DONE]} or the end of the
 * stream after a reason. An end without a reason is a broken answer.
 */
final class Answer {

  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  /** Events carry one token each unless the text is longer than that many tokens would be. */
  private static final double BUNDLED_RATIO = 1.25;

  private static final char UNREADABLE = '\ufffd';

  /** As much text as waits for the engine to count its token; no token is as long. */
  private static final int MOST_UNCOUNTED_CHARACTERS = 256;

  /** Text longer than that is not counted by a tokenizer. */
  private static final int MOST_KEPT_CHARACTERS = 256 * 1024;

  private final Reading reading;
  private final int firstIndex;
  private final int mostTokens;
  private final boolean isMoreThanWords;
  private final SseReader events = new SseReader();
  private final Event event = new Event();

  private final StringBuilder pendingText = new StringBuilder();
  private int pendingTokens;
  private List<String> pendingDeltas = new ArrayList<>(0);
  private int pendingDeltaCharacters;

  /** Whether there were any: their tokens have text that is counted nowhere. */
  private boolean hadDeltas;

  /** Half a character, whose other half is in the next event; 0 for none. */
  private char half;

  /** Index of the next chunk that leaves. */
  private int nextIndex;

  /** Tokens that came, taken or not. */
  private int tokens;

  private long textBytes;

  /** All text, for a tokenizer; null where there is none. */
  private final @Nullable StringBuilder kept;

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
    this.mostTokens = mostTokens;
    this.isMoreThanWords = isMoreThanWords;
    nextIndex = firstIndex;
    kept = reading.counts().hasTokenizer() ? new StringBuilder() : null;
  }

  /** Takes the next bytes of the stream. */
  void feed(byte[] bytes, int length) {
    try {
      events.feed(bytes, 0, length, this::take);
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
      fail(reading.refusals().inStream(event, tokens > 0 || firstIndex > 0));
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
    String text = isMoreThanWords ? event.text : event.words();
    List<String> deltas = isMoreThanWords ? event.deltas() : List.of();
    boolean hasText = text != null && !text.isEmpty();
    if (!hasText && deltas.isEmpty() && !event.hasReasoning) {
      return;
    }
    if (reason != null) {
      fail(reading.refusals().violation("text after finish_reason"));
      return;
    }
    if (hasText && text != null) {
      append(text);
    }
    for (String delta : deltas) {
      add(delta);
    }
    boolean isCounted = event.runningTokens > 0 && event.runningTokens <= mostTokens;
    int more = isCounted ? Math.max(0, (int) event.runningTokens - tokens) : 1;
    if (pendingTokens + more == 0 && pendingCharacters() > MOST_UNCOUNTED_CHARACTERS) {
      more = 1; // its count stands still, and text leaves with a token only
    }
    tokens += more;
    pendingTokens += more;
  }

  private void add(String delta) {
    hadDeltas = true;
    pendingDeltas.add(delta);
    pendingDeltaCharacters += delta.length();
  }

  /** Keeps surrogates together: chunks hold whole characters. */
  private void append(String text) {
    int before = pendingText.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (half != 0) {
        if (Character.isLowSurrogate(c)) {
          pendingText.append(half).append(c);
          half = 0;
          continue;
        }
        pendingText.append(UNREADABLE);
        half = 0;
      }
      if (Character.isHighSurrogate(c)) {
        half = c;
      } else {
        pendingText.append(Character.isLowSurrogate(c) ? UNREADABLE : c);
      }
    }
    count(before);
  }

  private void count(int from) {
    textBytes += TokenCounts.utf8Bytes(pendingText, from);
    StringBuilder all = kept;
    if (all != null && all.length() < MOST_KEPT_CHARACTERS) {
      all.append(pendingText, from, pendingText.length());
    }
  }

  private void takeReason() {
    String said = event.finishReason;
    if (said == null || said.isEmpty() || reason != null) {
      return;
    }
    switch (said) {
      case "stop", "eos", "eos_token", "stop_sequence" -> reason = Completion.Reason.STOP;
      case "length", "max_tokens" -> reason = Completion.Reason.LENGTH;
      case "content_filter" -> reason = Completion.Reason.CONTENT_FILTER;
      case "tool_calls", "function_call" -> reason = Completion.Reason.TOOL_CALLS;
      // engines that were told to abort, or that failed, say so here
      default -> fail(reading.refusals().broke("finish_reason of a broken answer"));
    }
  }

  private void closeWhenWhole() {
    if (!isWhole() || failure != null) {
      return;
    }
    if (half != 0) {
      pendingText.append(UNREADABLE);
      half = 0;
    }
    int missing = outputTokens() - tokens;
    if (missing == 0 && pendingTokens == 0 && pendingCharacters() > 0) {
      missing = 1; // text needs a token to leave with
    }
    tokens += missing;
    pendingTokens += missing;
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
    return pendingTokens > 0;
  }

  /** Characters that were not taken. */
  int pendingCharacters() {
    return pendingText.length() + pendingDeltaCharacters;
  }

  /** Takes all tokens that are there. */
  TokenChunk takeTokens() {
    TokenChunk chunk =
        TokenChunk.ofDeltas(nextIndex, pendingTokens, pendingText.toString(), takeDeltas());
    nextIndex += pendingTokens;
    pendingTokens = 0;
    pendingText.setLength(0);
    return chunk;
  }

  private List<String> takeDeltas() {
    if (pendingDeltas.isEmpty()) {
      return List.of();
    }
    List<String> taken = pendingDeltas;
    pendingDeltas = new ArrayList<>();
    pendingDeltaCharacters = 0;
    return taken;
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

  private boolean hasAccount() {
    return accountOutputTokens != Event.UNKNOWN && accountOutputTokens <= mostTokens;
  }

  private boolean isKeptWhole() {
    return kept != null && kept.length() < MOST_KEPT_CHARACTERS;
  }

  /** Tokens of this part of the answer, never fewer than came. */
  private int outputTokens() {
    if (hasAccount()) {
      return Math.max(tokens, (int) accountOutputTokens);
    }
    StringBuilder all = kept;
    if (all != null && isKeptWhole()) {
      return Math.min(Math.max(tokens, reading.counts().tokens(all.toString())), mostTokens);
    }
    int estimate = Math.min(reading.counts().estimate(textBytes), mostTokens);
    return estimate > BUNDLED_RATIO * tokens ? estimate : tokens;
  }

  /**
   * The account of a whole answer, of which all tokens were taken.
   *
   * @param estimatedInputTokens tokens of the prompt, should the engine not have said
   */
  Completion completion(int estimatedInputTokens) {
    Completion.Counted counted =
        hasAccount()
            ? Completion.Counted.BY_BACKEND
            : isKeptWhole() ? Completion.Counted.BY_TOKENIZER : Completion.Counted.BY_ESTIMATE;
    if (hasAccount() && !hadDeltas) {
      reading.counts().learn(textBytes, (int) accountOutputTokens);
    }
    int input =
        accountInputTokens == Event.UNKNOWN
            ? estimatedInputTokens
            // what others had said was part of the prompt, and is part of the answer
            : Math.max(0, (int) accountInputTokens - firstIndex);
    Completion.Reason why = reason;
    return new Completion(
        why == null ? Completion.Reason.STOP : why,
        input,
        nextIndex,
        (int) Math.max(0, accountCachedTokens),
        counted);
  }

  /** Tells how far it is, not what it says. */
  @Override
  public String toString() {
    return "Answer[" + tokens + " tokens" + (isWhole() ? ", whole" : "") + "]";
  }
}
