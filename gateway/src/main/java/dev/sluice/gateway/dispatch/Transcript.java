package dev.sluice.gateway.dispatch;

import dev.sluice.backends.Generation;
import dev.sluice.backends.TokenChunk;
import dev.sluice.backends.sluice.EncodedTokens;
import dev.sluice.gateway.call.Payload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the caller has of an answer, kept in case another backend must go on with it.
 *
 * <p>Chunks that came encoded are kept as they are, one after the other in one array, and decoded
 * when somebody asks: nearly nobody ever does.
 */
final class Transcript {

  private static final int LENGTH_BYTES = Integer.BYTES;
  private static final int FIRST_BYTES = 256;

  private int tokens;
  private final StringBuilder text;
  private final List<Integer> ids;

  /** Encoded chunks that follow {@link #text}: the length of each, then its bytes. */
  private byte[] encoded = {};

  private int encodedBytes;

  /** A transcript that begins with what the caller has from elsewhere. */
  Transcript(Payload.Progress begun) {
    tokens = begun.tokens();
    text = new StringBuilder(begun.text());
    ids = new ArrayList<>(begun.ids());
  }

  /** Adds a chunk that was delivered. */
  void add(TokenChunk chunk) {
    tokens += chunk.count();
    byte[] wire = chunk.wire();
    if (wire == null) {
      decode();
      append(chunk);
    } else {
      append(wire);
    }
  }

  private void append(TokenChunk chunk) {
    text.append(chunk.text());
    ids.addAll(chunk.ids());
  }

  private void append(byte[] wire) {
    int end = encodedBytes + LENGTH_BYTES + wire.length;
    if (end > encoded.length) {
      encoded = Arrays.copyOf(encoded, Math.max(FIRST_BYTES, 2 * end));
    }
    for (int i = 0; i < LENGTH_BYTES; i++) {
      encoded[encodedBytes + i] = (byte) (wire.length >>> (Byte.SIZE * i));
    }
    System.arraycopy(wire, 0, encoded, encodedBytes + LENGTH_BYTES, wire.length);
    encodedBytes = end;
  }

  private void decode() {
    int at = 0;
    while (at < encodedBytes) {
      int length = 0;
      for (int i = 0; i < LENGTH_BYTES; i++) {
        length |= Byte.toUnsignedInt(encoded[at + i]) << (Byte.SIZE * i);
      }
      at += LENGTH_BYTES;
      append(EncodedTokens.decode(Arrays.copyOfRange(encoded, at, at + length)));
      at += length;
    }
    encodedBytes = 0;
  }

  /** About how many bytes it holds. */
  int bytes() {
    return encodedBytes + text.length() + Integer.BYTES * ids.size();
  }

  /** All of it. Ids are left out unless there is one for each token. */
  Generation.Progress progress() {
    decode();
    return new Generation.Progress(tokens, text.toString(), ids.size() == tokens ? ids : List.of());
  }

  /** Tells the size but not the text, which is the caller's. */
  @Override
  public String toString() {
    return "Transcript[" + tokens + "]";
  }
}
