package dev.sluice.backends.text;

import dev.sluice.backends.Completion;
import dev.sluice.backends.TokenChunk;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The text of one answer on its way to its sink: whole characters, and how many tokens they are.
 *
 * <p>Tokens are counted as the engine counts them where it says so, else one for each piece of
 * text, which is what engines send unless a character took several tokens. The account at the end
 * is the truth: tokens that it has and no piece showed (a token of the end, pieces of a character)
 * leave as a last chunk without text, so that the chunks add up to it. An account that has fewer
 * than came is not believed, nor one that has more than were asked for.
 */
public final class CountedText {

  /** Stands for a count that the engine does not tell. */
  public static final long UNKNOWN = -1;

  /** Pieces carry one token each unless the text is longer than that many tokens would be. */
  private static final double BUNDLED_RATIO = 1.25;

  private static final char UNREADABLE = '\ufffd';

  /** As much text as waits for the engine to count its token; no token is as long. */
  private static final int MOST_UNCOUNTED_CHARACTERS = 256;

  /** Text longer than that is not counted by a tokenizer. */
  private static final int MOST_KEPT_CHARACTERS = 256 * 1024;

  private final TokenCounts counts;
  private final int firstIndex;
  private final int mostTokens;

  private final StringBuilder pendingText = new StringBuilder();
  private int pendingTokens;

  /** Where the pieces end that are pending, but for a last one that waits for its token. */
  private final List<Integer> pieceEnds = new ArrayList<>(1);

  private List<String> pendingDeltas = new ArrayList<>(0);
  private int pendingDeltaCharacters;

  /** Whether there were any: their tokens have text that is counted nowhere. */
  private boolean hadDeltas;

  /** Half a character, whose other half is in the next piece; 0 for none. */
  private char half;

  /** Index of the next chunk that leaves. */
  private int nextIndex;

  /** Tokens that came, taken or not. */
  private int tokens;

  private long textBytes;

  /** All text, for a tokenizer; null where there is none. */
  private final @Nullable StringBuilder kept;

  private long accountTokens = UNKNOWN;

  /**
   * A text of which nothing has come.
   *
   * @param counts counts what the engine does not
   * @param firstIndex index of its first token; above 0 when it goes on with another's
   * @param mostTokens most tokens that were asked for
   */
  public CountedText(TokenCounts counts, int firstIndex, int mostTokens) {
    this.counts = counts;
    this.firstIndex = firstIndex;
    this.mostTokens = mostTokens;
    nextIndex = firstIndex;
    kept = counts.hasTokenizer() ? new StringBuilder() : null;
  }

  /**
   * A piece came.
   *
   * @param text its text; may be empty, and may end within a character
   * @param runningTokens tokens so far, as the engine counts; zero or less when it does not
   */
  public void add(String text, long runningTokens) {
    add(text, List.of(), runningTokens);
  }

  /**
   * A piece came that is more than words.
   *
   * @param text its text, as above
   * @param deltas what comes after the text and is none, as {@link TokenChunk#deltas}
   * @param runningTokens as above
   */
  public void add(String text, List<String> deltas, long runningTokens) {
    append(text);
    for (String delta : deltas) {
      hadDeltas = true;
      pendingDeltas.add(delta);
      pendingDeltaCharacters += delta.length();
    }
    boolean isCounted = runningTokens > 0 && runningTokens <= mostTokens;
    int more = isCounted ? Math.max(0, (int) runningTokens - tokens) : 1;
    if (pendingTokens + more == 0 && pendingCharacters() > MOST_UNCOUNTED_CHARACTERS) {
      more = 1; // its count stands still, and text leaves with a token only
    }
    tokens += more;
    pendingTokens += more;
    if (more > 0) {
      pieceEnds.add(pendingText.length());
    }
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

  /** Whether there is an answer already, of this engine or of one before. */
  public boolean hasBegun() {
    return tokens > 0 || firstIndex > 0;
  }

  /** Tokens so far, without those of an engine before. */
  public int tokens() {
    return tokens;
  }

  /** Whether tokens are there that were not taken. */
  public boolean hasTokens() {
    return pendingTokens > 0;
  }

  /** Characters that were not taken. */
  public int pendingCharacters() {
    return pendingText.length() + pendingDeltaCharacters;
  }

  /** Takes all tokens that are there. */
  public TokenChunk take() {
    TokenChunk chunk = TokenChunk.ofPieces(nextIndex, pendingTokens, takePieces(), takeDeltas());
    nextIndex += pendingTokens;
    pendingTokens = 0;
    pendingText.setLength(0);
    return chunk;
  }

  private List<String> takePieces() {
    List<String> pieces = new ArrayList<>(pieceEnds.size());
    int from = 0;
    for (int i = 0; i < pieceEnds.size(); i++) {
      boolean isLast = i == pieceEnds.size() - 1;
      int end = isLast ? pendingText.length() : pieceEnds.get(i);
      if (end > from) {
        pieces.add(pendingText.substring(from, end));
        from = end;
      }
    }
    pieceEnds.clear();
    return pieces;
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

  /**
   * Nothing more comes: what is left becomes tokens.
   *
   * @param account tokens of this text by the engine's account; {@link #UNKNOWN} if it gave none
   */
  public void settle(long account) {
    accountTokens = account;
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
    if (missing > 0) {
      pieceEnds.add(pendingText.length());
    }
  }

  /** Tokens of this part of the answer, never fewer than came. */
  private int outputTokens() {
    if (hasAccount()) {
      return Math.max(tokens, (int) accountTokens);
    }
    StringBuilder all = kept;
    if (all != null && isKeptWhole()) {
      return Math.min(Math.max(tokens, counts.tokens(all.toString())), mostTokens);
    }
    int estimate = Math.min(counts.estimate(textBytes), mostTokens);
    return estimate > BUNDLED_RATIO * tokens ? estimate : tokens;
  }

  private boolean hasAccount() {
    return accountTokens >= 0 && accountTokens <= mostTokens;
  }

  private boolean isKeptWhole() {
    return kept != null && kept.length() < MOST_KEPT_CHARACTERS;
  }

  /**
   * The account of the whole answer, once it is settled and all of it was taken.
   *
   * @param reason why it ended
   * @param inputTokens tokens of the prompt
   * @param cachedInputTokens those that came from a prefix cache
   */
  public Completion completion(Completion.Reason reason, int inputTokens, int cachedInputTokens) {
    Completion.Counted counted =
        hasAccount()
            ? Completion.Counted.BY_BACKEND
            : isKeptWhole() ? Completion.Counted.BY_TOKENIZER : Completion.Counted.BY_ESTIMATE;
    if (hasAccount() && !hadDeltas) {
      counts.learn(textBytes, (int) accountTokens);
    }
    return new Completion(reason, inputTokens, nextIndex, cachedInputTokens, counted);
  }

  /** Tells how many tokens there are, not what they say. */
  @Override
  public String toString() {
    return "CountedText[" + tokens + " tokens]";
  }
}
