package dev.sluice.backends.oip;

/**
 * What a model calls its tensors; an empty name is not sent.
 *
 * @param text the prompt, or what to embed
 * @param answer the text of the answer
 * @param stream whether the answer is wanted piece by piece
 * @param maxTokens most tokens of the answer
 * @param drawing how tokens are drawn
 * @param embedding what is said of vectors
 */
record TensorNames(
    String text,
    String answer,
    String stream,
    String maxTokens,
    Drawing drawing,
    Embedding embedding) {

  /** Names of what tells how tokens are drawn. */
  record Drawing(String temperature, String topP, String topK, String seed, String stop) {}

  /** Names of the vectors, and of how long they are to be. */
  record Embedding(String vectors, String dimensions) {}
}
