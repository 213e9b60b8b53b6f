package dev.sluice.backends.oip;

/**
 * What a model calls its tensors; an empty name is not sent.
 *
 * @param text the prompt
 * @param answer the text of the answer
 * @param stream whether the answer is wanted piece by piece
 * @param maxTokens most tokens of the answer
 * @param drawing how tokens are drawn
 */
record TensorNames(String text, String answer, String stream, String maxTokens, Drawing drawing) {

  /** Names of what tells how tokens are drawn. */
  record Drawing(String temperature, String topP, String topK, String seed, String stop) {}
}
