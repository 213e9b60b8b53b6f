package dev.sluice.backends.sluice;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.backends.TokenChunk;
import dev.sluice.v1.GenerateResponse;
import dev.sluice.v1.Tokens;

/** Reads chunks that were passed on undecoded. */
public final class EncodedTokens {

  private EncodedTokens() {}

  /**
   * The chunk that {@code wire} encodes.
   *
   * @throws IllegalArgumentException if it is not an encoded {@code GenerateResponse}; a chunk of
   *     this package always is
   */
  public static TokenChunk decode(byte[] wire) {
    try {
      Tokens tokens = GenerateResponse.parseFrom(wire).getTokens();
      return new TokenChunk(
          tokens.getIndex(), tokens.getCount(), tokens.getText(), tokens.getIdsList(), null);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("wire: not a GenerateResponse", e);
    }
  }
}
