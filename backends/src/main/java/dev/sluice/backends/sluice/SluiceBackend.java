package dev.sluice.backends.sluice;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendCall;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Generation;
import dev.sluice.backends.TokenSink;
import dev.sluice.backends.grpc.Address;
import dev.sluice.backends.grpc.Connection;
import dev.sluice.backends.grpc.FailureReader;
import dev.sluice.backends.grpc.Journey;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.InferenceGrpc;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import java.util.concurrent.TimeUnit;
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
      sink.failed(new BackendFailure.NeverSent(address + ": closed"));
      return new EndedCall();
    }
    GenerateRequest request = RequestWriter.write(generation);
    Journey journey = new Journey();
    CallOptions options = CallOptions.DEFAULT.withStreamTracerFactory(journey.factory());
    if (generation.terms().timeoutNanos() > 0) {
      options = options.withDeadlineAfter(generation.terms().timeoutNanos(), TimeUnit.NANOSECONDS);
    }
    // the caller may run inside an inbound call, whose deadline and cancellation would end this one
    // behind the caller's back
    Context inbound = Context.ROOT.attach();
    try {
      ClientCall<GenerateRequest, byte[]> call = next().channel().newCall(GENERATE, options);
      SluiceCall started =
          new SluiceCall(
              call,
              sink,
              new FailureReader(address, () -> closed, journey),
              generation.progress().tokens());
      started.start(request);
      return started;
    } finally {
      Context.ROOT.detach(inbound);
    }
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

  /** The handle on a generation that ended before it began. */
  private static final class EndedCall implements BackendCall {
    @Override
    public void request(int chunks) {}

    @Override
    public void cancel() {}
  }
}
