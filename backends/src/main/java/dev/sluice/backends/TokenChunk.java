package dev.sluice.backends;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run of consecutive tokens that became known together, or the one piece of an embedding.
 *
 * @param index index of the first token within the answer, from 0
 * @param count number of tokens, at least 1
 * @param text their text, whole characters only; may be empty while a character is incomplete
 * @param ids their ids where the engine tells them, else empty
 * @param wire the same chunk as an encoded {@code sluice.v1.GenerateResponse}, where the backend
 *     speaks that protocol, so that a gateway can pass it on undecoded; when present, {@code text}
 *     and {@code ids} are empty. Not copied: owned by the chunk
 * @param vectors what an embedding has in place of tokens: all of it, counted as one token; null in
 *     all other answers
 * @param pieces the parts of {@code text} as the engine gave them, where it gave several; else
 *     empty
 * @param deltas what comes after the text and is none, such as pieces of a tool's call, in order:
 *     each the members of a piece of OpenAI's API, JSON in ASCII on one line
 */
@SuppressWarnings(
    "ArrayRecordComponent") // compared by nobody; one chunk per token, so no copy either
public record TokenChunk(
    int index,
    int count,
    String text,
    List<Integer> ids,
    byte @Nullable [] wire,
    @Nullable Vectors vectors,
    List<String> pieces,
    List<String> deltas) {

  public TokenChunk {
    if (index < 0) {
      throw new IllegalArgumentException("index: " + index + " (expected: >= 0)");
    }
    if (count < 1) {
      throw new IllegalArgumentException("count: " + count + " (expected: >= 1)");
    }
  }

  /** Tokens that are all text, either with their text and ids or encoded. */
  public TokenChunk(int index, int count, String text, List<Integer> ids, byte @Nullable [] wire) {
    this(index, count, text, ids, wire, null, List.of(), List.of());
  }

  /** The whole answer to an {@link Embedding}. */
  public static TokenChunk ofVectors(Vectors vectors) {
    return new TokenChunk(0, 1, "", List.of(), null, vectors, List.of(), List.of());
  }

  /** Tokens of which the text is known. */
  public static TokenChunk ofText(int index, int count, String text) {
    return new TokenChunk(index, count, text, List.of(), null);
  }

  /** Tokens whose text came in these pieces, of which some are no text. */
  public static TokenChunk ofPieces(
      int index, int count, List<String> pieces, List<String> deltas) {
    return pieces.size() < 2
        ? new TokenChunk(
            index, count, String.join("", pieces), List.of(), null, null, List.of(), deltas)
        : new TokenChunk(
            index, count, String.join("", pieces), List.of(), null, null, pieces, deltas);
  }

  /** Tokens that arrived as an encoded {@code sluice.v1.GenerateResponse} and were not decoded. */
  public static TokenChunk ofWire(int index, int count, byte[] wire) {
    return new TokenChunk(index, count, "", List.of(), wire);
  }

  /** Tells index and count but not the text, which is the caller's. */
  @Override
  public String toString() {
    return "TokenChunk[" + index + "+" + count + "]";
  }
}
