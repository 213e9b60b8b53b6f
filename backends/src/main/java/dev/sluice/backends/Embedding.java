package dev.sluice.backends;

import java.util.List;

/**
 * One request for vectors as a backend sees it: one vector for each input, all in one piece.
 *
 * @param requestId the request's id, for the backend's own logs
 * @param model name of the model at the backend
 * @param inputs what to embed, at least one
 * @param dimensions how long the vectors are to be; 0: as the model makes them
 * @param terms how long and for whom; the vectors are its first token and its last
 */
public record Embedding(
    String requestId,
    String model,
    List<Prompt.Input> inputs,
    int dimensions,
    Generation.Terms terms) {

  public Embedding {
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException("inputs: none (expected: at least one)");
    }
    if (dimensions < 0) {
      throw new IllegalArgumentException("dimensions: " + dimensions + " (expected: >= 0)");
    }
    inputs = List.copyOf(inputs);
  }
}
