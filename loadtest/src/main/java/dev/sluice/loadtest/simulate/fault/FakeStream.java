package dev.sluice.loadtest.simulate.fault;

import org.jspecify.annotations.Nullable;

/** A stream as its backend sees it, with the backend's own account of it. */
final class FakeStream {

  final Ask ask;
  final Text text;

  /** Place in the text of the token that comes next. */
  int at;

  /** What that token is numbered. */
  int index;

  /** Tokens sent on their way. */
  int sentTokens;

  /** Those of them that never came. */
  int lostTokens;

  /** What was said last. */
  @Nullable Chunk last;

  boolean begun;
  boolean over;

  FakeStream(Ask ask, Text text) {
    this.ask = ask;
    this.text = text;
    at = ask.said().tokens();
    index = ask.fromIndex();
  }

  Attempt attempt() {
    return ask.attempt();
  }

  /** Tokens that it still has to say. */
  int left() {
    return text.tokens() - at;
  }

  @Override
  public String toString() {
    return "FakeStream[%s, %d sent, %s]"
        .formatted(attempt(), sentTokens, over ? "over" : begun ? "under way" : "waiting");
  }
}
