package dev.sluice.backends.sluice;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendCall;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Embedding;
import dev.sluice.backends.Generation;
import dev.sluice.backends.OnePiece;
import dev.sluice.backends.TokenSink;
import dev.sluice.backends.Vectors;
import dev.sluice.backends.grpc.Address;
import dev.sluice.backends.grpc.Connection;
import dev.sluice.backends.grpc.FailureReader;
import dev.sluice.backends.grpc.Journey;
import dev.sluice.backends.grpc.Outbound;
import dev.sluice.v1.EmbedRequest;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.InferenceGrpc;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server of {@code sluice.v1.Inference}: an accelerator process or another gateway.
 *
 * <p>Its events are delivered on the event loop of the connection, or on the thread that asks for
 * more when tokens were waiting for that; a failure to connect may be delivered inside {@link
 * #start}. Nothing is handed to a thread of its own.
 */
final class SluiceBackend implements Backend {

  static final MethodDescriptor<GenerateRequest, byte[]> GENERATE =
      InferenceGrpc.getGenerateMethod().toBuilder(
              ProtoUtils.marshaller(GenerateRequest.getDefaultInstance()), new RawBytes())
          .build();

  static final MethodDescriptor<EmbedRequest, byte[]> EMBED =
      InferenceGrpc.getEmbedMethod().toBuilder(
              ProtoUtils.marshaller(EmbedRequest.getDefaultInstance()), new RawBytes())
          .build();

  /** Vectors and what goes with each of them. */
  private static final int MOST_EMBED_RESPONSE_BYTES =
      Vectors.MOST_BYTES + Connection.MOST_RESPONSE_BYTES;

  private final Address address;
  private final Connection[] connections;
  private final HealthWatch health;
  private final AtomicInteger turns = new AtomicInteger();
  private volatile boolean closed;

  SluiceBackend(Address address, long keepaliveNanos, int connections) {
    this.address = address;
    this.connections = new Connection[connections];
    for (int i = 0; i < connections; i++) {
      this.connections[i] = new Connection(address, keepaliveNanos);
    }
    health = new HealthWatch(this.connections[0].channel());
  }

  @Override
  public BackendCall start(Generation generation, TokenSink sink) {
    if (closed) {
      return OnePiece.failed(sink, closedFailure());
    }
    GenerateRequest request = RequestWriter.write(generation);
    Journey journey = new Journey();
    CallOptions options = Outbound.options(journey, generation.terms());
    return Outbound.outsideOfTheInbound(
        () -> {
          SluiceCall started =
              new SluiceCall(
                  next().channel().newCall(GENERATE, options),
                  sink,
                  new FailureReader(address, () -> closed, journey),
                  generation.progress().tokens());
          started.start(request);
          return started;
        });
  }

  @Override
  public BackendCall embed(Embedding embedding, TokenSink sink) {
    if (closed) {
      return OnePiece.failed(sink, closedFailure());
    }
    EmbedRequest request = RequestWriter.write(embedding);
    Journey journey = new Journey();
    CallOptions options =
        Outbound.options(journey, embedding.terms())
            .withMaxInboundMessageSize(MOST_EMBED_RESPONSE_BYTES);
    return Outbound.outsideOfTheInbound(
        () ->
            new EmbedCall(
                    next().channel().newCall(EMBED, options),
                    sink,
                    new FailureReader(address, () -> closed, journey),
                    embedding.inputs().size())
                .start(request));
  }

  private BackendFailure closedFailure() {
    return new BackendFailure.NeverSent(address + ": closed");
  }

  /** The next connection in turn that is not known to be down. */
  private Connection next() {
    if (connections.length == 1) {
      return connections[0];
    }
    int turn = turns.getAndIncrement();
    for (int i = 0; i < connections.length; i++) {
      Connection connection = connections[Math.floorMod(turn + i, connections.length)];
      if (connection.usable()) {
        return connection;
      }
    }
    return connections[Math.floorMod(turn, connections.length)];
  }

  @Override
  public boolean reachable() {
    health.begin();
    if (health.unwell()) {
      return false;
    }
    for (Connection connection : connections) {
      if (connection.usable()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    closed = true;
    for (Connection connection : connections) {
      connection.close();
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("SluiceBackend[").append(address);
    for (Connection connection : connections) {
      text.append(", ").append(connection);
    }
    return text.append(']').toString();
  }
}
