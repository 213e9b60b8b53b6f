package dev.sluice.gateway.dispatch;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendCall;
import dev.sluice.backends.Embedding;
import dev.sluice.backends.Generation;
import dev.sluice.backends.TokenSink;
import dev.sluice.gateway.call.Payload;
import dev.sluice.gateway.core.request.AdmittedRequest;
import java.util.function.Function;

/** Puts a request to a backend, as what it asks for. */
final class Asking {

  private Asking() {}

  /**
   * What starts the request at {@code backend}, as it stands at {@code nowNanos}.
   *
   * @param request what is left of it
   * @param progress what the caller has of the answer
   */
  static Function<TokenSink, BackendCall> of(
      Backend backend,
      AdmittedRequest request,
      Payload payload,
      Generation.Progress progress,
      long nowNanos) {
    return switch (payload.content()) {
      case Payload.Prompt prompt -> {
        Generation generation = Generations.of(request, prompt, payload, progress, nowNanos);
        yield sink -> backend.start(generation, sink);
      }
      case Payload.Inputs inputs -> {
        Embedding embedding = Generations.embedding(request, inputs, payload, nowNanos);
        yield sink -> backend.embed(embedding, sink);
      }
    };
  }
}
