package dev.sluice.backends.emulated.server;

import dev.sluice.backends.Backend;
import dev.sluice.backends.profile.AcceleratorKind;
import dev.sluice.v1.InferenceGrpc;
import dev.sluice.v1.ListModelsRequest;
import dev.sluice.v1.ListModelsResponse;
import dev.sluice.v1.Model;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.ServerCalls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One backend as a server of {@code sluice.v1.Inference}, with health and reflection. It owns the
 * backend and closes it.
 */
public final class AcceleratorServer implements AutoCloseable {

  private static final int WINDOW_BYTES = 64 * 1024;
  private static final int MOST_METADATA_BYTES = 16 * 1024;

  /** A gateway sends all its work over one connection. */
  private static final int MOST_CALLS_PER_CONNECTION = 10_000;

  private final Backend backend;
  private final HealthStatusManager health = new HealthStatusManager();
  private final Server server;
  private volatile boolean draining;

  /**
   * What is served.
   *
   * @param model name of the model in requests
   * @param profile name that the server gives itself in answers
   * @param kind kind of hardware
   * @param contextTokens most tokens of prompt and answer together
   */
  public record Served(String model, String profile, AcceleratorKind kind, int contextTokens) {}

  /**
   * A server that is not started yet.
   *
   * @param address where to listen; port 0 takes a free one
   * @param served what {@code backend} is
   * @param nanoClock tells instants for the times in answers
   */
  public AcceleratorServer(
      InetSocketAddress address, Served served, Backend backend, LongSupplier nanoClock) {
    this.backend = backend;
    GenerateCall.Surroundings surroundings =
        new GenerateCall.Surroundings(
            served, backend, new RequestReader(served.model()), nanoClock, () -> draining);
    server =
        NettyServerBuilder.forAddress(address)
            .directExecutor()
            .addService(inference(surroundings))
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance())
            // twice the limit, so that what is somewhat too large is told so rather than cut off
            .maxInboundMessageSize(2 * RequestBytes.MOST_BYTES)
            .maxInboundMetadataSize(MOST_METADATA_BYTES)
            .maxConcurrentCallsPerConnection(MOST_CALLS_PER_CONNECTION)
            .flowControlWindow(WINDOW_BYTES)
            .permitKeepAliveTime(5, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .build();
  }

  private static ServerServiceDefinition inference(GenerateCall.Surroundings surroundings) {
    MethodDescriptor<byte[], byte[]> generate =
        InferenceGrpc.getGenerateMethod().toBuilder(new RequestBytes(), new ResponseBytes())
            .build();
    MethodDescriptor<ListModelsRequest, ListModelsResponse> listModels =
        InferenceGrpc.getListModelsMethod();
    ListModelsResponse models = models(surroundings.served());
    ServiceDescriptor service =
        ServiceDescriptor.newBuilder(InferenceGrpc.SERVICE_NAME)
            .setSchemaDescriptor(InferenceGrpc.getServiceDescriptor().getSchemaDescriptor())
            .addMethod(generate)
            .addMethod(listModels)
            .build();
    return ServerServiceDefinition.builder(service)
        .addMethod(generate, (call, _) -> new GenerateCall(call, surroundings))
        .addMethod(
            listModels,
            ServerCalls.asyncUnaryCall(
                (_, response) -> {
                  response.onNext(models);
                  response.onCompleted();
                }))
        .build();
  }

  private static ListModelsResponse models(Served served) {
    return ListModelsResponse.newBuilder()
        .addModels(
            Model.newBuilder()
                .setName(served.model())
                .setContextTokens(served.contextTokens())
                .addAccelerators(ResponseWriter.accelerator(served)))
        .build();
  }

  /**
   * Begins to listen.
   *
   * @throws IOException if the address is in use or not of this machine
   */
  public void start() throws IOException {
    server.start();
    health.setStatus("", ServingStatus.SERVING);
    health.setStatus(InferenceGrpc.SERVICE_NAME, ServingStatus.SERVING);
  }

  /** The port it listens on. */
  public int port() {
    return server.getPort();
  }

  /** Waits until the server has ended. */
  public void awaitEnd() throws InterruptedException {
    server.awaitTermination();
  }

  /**
   * Takes no new work, lets what runs come to its end for at most {@code limit}, then closes.
   *
   * @return whether all came to its end
   */
  public boolean drain(Duration limit) throws InterruptedException {
    draining = true;
    health.enterTerminalState();
    server.shutdown();
    boolean drained = server.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS);
    close();
    return drained;
  }

  /** Ends at once, with all that runs. */
  @Override
  public void close() {
    server.shutdownNow();
    backend.close();
  }

  @Override
  public String toString() {
    return "AcceleratorServer[" + backend + "]";
  }
}
