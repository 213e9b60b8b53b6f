package dev.sluice.backends.oip;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendCall;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Completion;
import dev.sluice.backends.Continuation;
import dev.sluice.backends.Embedding;
import dev.sluice.backends.Generation;
import dev.sluice.backends.LoadReport;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.TokenSink;
import dev.sluice.backends.Vectors;
import dev.sluice.backends.grpc.Address;
import dev.sluice.backends.grpc.Connection;
import dev.sluice.backends.grpc.Encryption;
import dev.sluice.backends.grpc.FailureReader;
import dev.sluice.backends.grpc.Journey;
import dev.sluice.backends.grpc.Outbound;
import dev.sluice.backends.text.TokenCounts;
import dev.sluice.inference.GRPCInferenceServiceGrpc;
import dev.sluice.inference.ModelInferRequest;
import io.grpc.CallOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * A model at a server of the Open Inference Protocol.
 *
 * <p>Its events are delivered on the event loop of the connection, or on the thread that asks for
 * more when tokens were waiting for that.
 */
final class OipBackend implements Backend {

  private final Terms terms;
  private final Connection connection;
  private final RequestWriter writer;
  private final ResponseReader reader;
  private final VectorsReader vectorsReader;
  private final TokenCounts counts;
  private final LoadMeter meter = new LoadMeter();
  private final ServerWatch watch;
  private volatile boolean closed;

  /**
   * What a backend is made from.
   *
   * @param address where the server listens
   * @param model what it calls the model
   * @param flavour how it answers
   * @param names what the model calls its tensors
   * @param continuation what its continuations are worth
   * @param keepaliveNanos how long the connection may be silent before it is probed
   * @param encryption how the connection is kept from listeners
   */
  record Terms(
      Address address,
      String model,
      Flavour flavour,
      TensorNames names,
      Continuation continuation,
      long keepaliveNanos,
      Encryption encryption) {}

  OipBackend(Terms terms) {
    this.terms = terms;
    connection = new Connection(terms.address(), terms.keepaliveNanos(), terms.encryption());
    writer = new RequestWriter(terms.model(), terms.names(), terms.flavour());
    reader = new ResponseReader(terms.names().answer());
    vectorsReader = new VectorsReader(terms.names().embedding().vectors());
    counts = new TokenCounts(terms.model());
    watch = new ServerWatch(this, connection.channel(), meter);
  }

  @Override
  public BackendCall start(Generation generation, TokenSink sink) {
    if (closed) {
      return ended(() -> sink.failed(new BackendFailure.NeverSent(says("closed"))));
    }
    watch.begin();
    int said = generation.progress().tokens();
    int left = generation.sampling().maxOutputTokens() - said;
    if (left <= 0) {
      // all that was asked for is there; only its end was lost
      int input = counts.estimate(generation.prompt());
      return ended(() -> sink.finished(new Completion(Completion.Reason.LENGTH, input, said, 0)));
    }
    if (!(generation.prompt() instanceof Prompt.Text(String prompt))) {
      return refused(sink, "a chat or token ids (expected: text; the protocol has no other)");
    }
    Optional<String> impossible = said == 0 ? Optional.empty() : continuationRefused(generation);
    if (impossible.isPresent()) {
      return refused(sink, impossible.get());
    }
    try {
      return start(
          generation,
          writer.write(generation, prompt + generation.progress().text(), left, watch.signature()),
          sink);
    } catch (JacksonException _) {
      return refused(sink, "a stop text that is not Unicode");
    }
  }

  private Optional<String> continuationRefused(Generation generation) {
    Double temperature = generation.sampling().temperature();
    return switch (terms.continuation()) {
      case NONE -> Optional.of("continuation: none");
      case EXACT ->
          temperature == null || temperature != 0
              ? Optional.of("continuation: exact at temperature 0 only")
              : Optional.empty();
      case PLAUSIBLE -> Optional.empty();
    };
  }

  private BackendCall start(Generation generation, ModelInferRequest request, TokenSink sink) {
    Journey journey = new Journey();
    OipCall.Expected expected =
        new OipCall.Expected(
            generation.requestId(),
            generation.progress().tokens(),
            generation.sampling().maxOutputTokens() - generation.progress().tokens(),
            counts.estimate(generation.prompt()),
            System.nanoTime());
    CallOptions options = Outbound.options(journey, generation.terms());
    return Outbound.outsideOfTheInbound(
        () -> {
          OipCall started =
              new OipCall(
                  connection.channel().newCall(terms.flavour().method(), options),
                  new OipCall.Terms(this, reader, failures(journey), expected),
                  sink);
          meter.began();
          started.start(request);
          return started;
        });
  }

  @Override
  public BackendCall embed(Embedding embedding, TokenSink sink) {
    if (closed) {
      return ended(() -> sink.failed(new BackendFailure.NeverSent(says("closed"))));
    }
    watch.begin();
    List<String> texts = new ArrayList<>(embedding.inputs().size());
    for (Prompt.Input input : embedding.inputs()) {
      if (!(input instanceof Prompt.Text(String text))) {
        return refused(sink, "an input of token ids (expected: text; the protocol has no other)");
      }
      texts.add(text);
    }
    ModelInferRequest request = writer.write(embedding, texts, watch.signature());
    Journey journey = new Journey();
    CallOptions options =
        Outbound.options(journey, embedding.terms())
            .withMaxInboundMessageSize(
                Vectors.mostBytes(texts.size()) + Connection.MOST_RESPONSE_BYTES);
    EmbedCall.Terms embedTerms =
        new EmbedCall.Terms(this, vectorsReader, failures(journey), embedding, System.nanoTime());
    return Outbound.outsideOfTheInbound(
        () -> {
          meter.began();
          return new EmbedCall(
                  connection
                      .channel()
                      .newCall(GRPCInferenceServiceGrpc.getModelInferMethod(), options),
                  embedTerms,
                  sink)
              .start(request);
        });
  }

  private FailureReader failures(Journey journey) {
    return new FailureReader(terms.address(), () -> closed, journey);
  }

  private BackendCall refused(TokenSink sink, String why) {
    return ended(
        () ->
            sink.failed(
                new BackendFailure.Rejected(BackendFailure.Rejected.Kind.INVALID, 0, says(why))));
  }

  private static BackendCall ended(Runnable end) {
    end.run();
    return new EndedCall();
  }

  private String says(String what) {
    return terms.address() + ": " + what;
  }

  @Override
  public Optional<LoadReport> load() {
    return watch.load();
  }

  @Override
  public boolean reachable() {
    watch.begin();
    return !closed && connection.usable() && watch.serves();
  }

  @Override
  public void close() {
    closed = true;
    watch.close();
    connection.close();
  }

  // ---- for its calls and its watch

  /** A generation or an embedding is over that began then. */
  void ended(long startNanos, boolean complete) {
    meter.ended(System.nanoTime() - startNanos, complete);
  }

  boolean isClosed() {
    return closed;
  }

  TokenCounts counts() {
    return counts;
  }

  Terms terms() {
    return terms;
  }

  @Override
  public String toString() {
    return "OipBackend[%s, %s, %s]".formatted(terms.address(), terms.flavour(), connection);
  }

  /** The handle on a generation that ended before it began. */
  private static final class EndedCall implements BackendCall {
    @Override
    public void request(int chunks) {}

    @Override
    public void cancel() {}
  }
}
