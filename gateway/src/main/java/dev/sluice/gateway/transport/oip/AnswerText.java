package dev.sluice.gateway.transport.oip;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.v1.GenerateResponse;

/** Finds the text in tokens that a backend encoded. */
final class AnswerText {

  private AnswerText() {}

  static String of(byte[] response) {
    try {
      return GenerateResponse.parseFrom(response).getTokens().getText();
    } catch (InvalidProtocolBufferException e) {
      // the adapter has looked into the message and found tokens in it
      throw new IllegalArgumentException("response: not a GenerateResponse", e);
    }
  }
}
