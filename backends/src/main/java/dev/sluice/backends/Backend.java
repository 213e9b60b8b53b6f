package dev.sluice.backends;

import java.util.Optional;

/**
 * A server that generates tokens for one model, or embeds with it.
 *
 * <p>Implementations are thread-safe. {@link BackendContractTest} in the tests states the whole
 * contract and is extended by the test of every implementation.
 */
public interface Backend extends AutoCloseable {

  /**
   * Starts a generation whose events go to {@code sink}.
   *
   * <p>Never throws and never blocks: whatever goes wrong reaches {@link TokenSink#failed}. No
   * tokens are delivered before {@link BackendCall#request} asks for them.
   */
  BackendCall start(Generation generation, TokenSink sink);

  /**
   * Starts an embedding: the sink takes all vectors in one chunk, and then the end. In all else it
   * is as {@link #start}; who does not embed refuses it.
   */
  default BackendCall embed(Embedding embedding, TokenSink sink) {
    return OnePiece.failed(
        sink,
        new BackendFailure.Rejected(
            BackendFailure.Rejected.Kind.MISCONFIGURED,
            0,
            "model " + embedding.model() + " does not embed here (expected: a generation)"));
  }

  /** The newest load report, or empty if the backend gives none or has not given one yet. */
  default Optional<LoadReport> load() {
    return Optional.empty();
  }

  /**
   * Whether a new generation could be sent now, as far as is known without asking; a backend whose
   * connection is down says false. Must be cheap: it is read for every snapshot of the fleet.
   */
  default boolean reachable() {
    return true;
  }

  /**
   * Ends all running generations as {@link BackendFailure.Broke} and frees what the backend holds.
   */
  @Override
  void close();
}
