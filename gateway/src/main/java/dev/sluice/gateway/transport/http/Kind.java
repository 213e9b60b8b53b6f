package dev.sluice.gateway.transport.http;

/** What can be asked to generate, and what its answers are called. */
enum Kind {
  /** {@code /v1/chat/completions}. */
  CHAT("chatcmpl-", "chat.completion", "chat.completion.chunk"),
  /** {@code /v1/completions}. */
  TEXT("cmpl-", "text_completion", "text_completion");

  private final String idPrefix;
  private final String whole;
  private final String chunk;

  Kind(String idPrefix, String whole, String chunk) {
    this.idPrefix = idPrefix;
    this.whole = whole;
    this.chunk = chunk;
  }

  /** What the ids of its answers begin with. */
  String idPrefix() {
    return idPrefix;
  }

  /** The object's name of an answer in one piece. */
  String whole() {
    return whole;
  }

  /** The object's name of one event of an answer. */
  String chunk() {
    return chunk;
  }
}
