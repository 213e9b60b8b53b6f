package dev.sluice.gateway.core.request;

/** What is wanted of a model. */
public enum Task {
  /** Tokens that go on with a prompt. */
  GENERATE,
  /**
   * One vector for each of some inputs, all in one piece: to the engine they are prompts whose
   * answers have one token, and to attempts the piece is that token.
   */
  EMBED;

  /** Tokens in an answer of which {@code delivered} were delivered: in vectors there are none. */
  public int outputTokens(int delivered) {
    return switch (this) {
      case GENERATE -> delivered;
      case EMBED -> 0;
    };
  }
}
