package dev.sluice.gateway.transport;

import dev.sluice.gateway.call.CallHandler;
import dev.sluice.gateway.core.Offer;
import dev.sluice.gateway.core.admission.OverloadLevel;
import dev.sluice.gateway.time.NanoClock;
import dev.sluice.v1.InferenceGrpc;
import dev.sluice.v1.ListModelsRequest;
import dev.sluice.v1.ListModelsResponse;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.ServerCalls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The gRPC listener: {@code sluice.v1.Inference}, what other fronts there are, health and
 * reflection.
 *
 * <p>Handlers run on the event loops and never block. Limits are those of faults §5.1.
 */
public final class GrpcTransport implements AutoCloseable {

  /** Time for what was written already to leave. */
  private static final long LAST_WRITES_MILLIS = 500;

  private final HealthStatusManager health = new HealthStatusManager();
  private final Server server;

  /**
   * Where to listen and what to allow.
   *
   * @param address host and port; port 0 takes a free one
   * @param mostMessageBytes largest request
   * @param mostMetadataBytes largest metadata of a request
   * @param requests makes requests of what is read
   * @param others services of other fronts, which allow messages of the same size
   */
  public record Settings(
      InetSocketAddress address,
      int mostMessageBytes,
      int mostMetadataBytes,
      Requests requests,
      List<ServerServiceDefinition> others) {}

  /** A listener that hands every call for work to {@code handler}; {@link #start} opens it. */
  public GrpcTransport(
      Settings settings, CallHandler handler, Supplier<List<Offer>> offers, NanoClock clock) {
    RequestCall.Surroundings surroundings =
        new RequestCall.Surroundings(handler, clock, settings.mostMessageBytes());
    server =
        NettyServerBuilder.forAddress(settings.address())
            .directExecutor()
            .addService(inference(surroundings, new RequestReader(settings.requests()), offers))
            .addServices(settings.others())
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance())
            // twice the limit, so that what is somewhat too large is answered with its reason
            // rather than cut off
            .maxInboundMessageSize(2 * settings.mostMessageBytes())
            .maxInboundMetadataSize(settings.mostMetadataBytes())
            // token streams are open for long: the usual 100 would hold up callers who share a
            // connection
            .maxConcurrentCallsPerConnection(1_000)
            .flowControlWindow(64 * 1024)
            // Netty would shrink its reads to the few bytes of the callers' acknowledgements, and a
            // request would then take three
            .withChildOption(
                ChannelOption.RECVBUF_ALLOCATOR,
                new AdaptiveRecvByteBufAllocator(4 * 1024, 4 * 1024, 64 * 1024))
            .keepAliveTime(60, TimeUnit.SECONDS)
            .keepAliveTimeout(20, TimeUnit.SECONDS)
            .permitKeepAliveTime(30, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .maxConnectionIdle(15, TimeUnit.MINUTES)
            .maxRstFramesPerWindow(200, 30)
            .build();
  }

  private static ServerServiceDefinition inference(
      RequestCall.Surroundings surroundings, RequestReader reader, Supplier<List<Offer>> offers) {
    MethodDescriptor<RequestMessage, byte[]> generate =
        InferenceGrpc.getGenerateMethod().toBuilder(
                new RequestMessage.Marshaller(surroundings.mostBytes()), new ResponseMarshaller())
            .build();
    MethodDescriptor<RequestMessage, byte[]> embed =
        InferenceGrpc.getEmbedMethod().toBuilder(
                new RequestMessage.Marshaller(surroundings.mostBytes()), new ResponseMarshaller())
            .build();
    MethodDescriptor<ListModelsRequest, ListModelsResponse> listModels =
        InferenceGrpc.getListModelsMethod();
    ServiceDescriptor service =
        ServiceDescriptor.newBuilder(InferenceGrpc.SERVICE_NAME)
            .setSchemaDescriptor(InferenceGrpc.getServiceDescriptor().getSchemaDescriptor())
            .addMethod(generate)
            .addMethod(embed)
            .addMethod(listModels)
            .build();
    return ServerServiceDefinition.builder(service)
        .addMethod(
            generate, (call, metadata) -> new GenerateCall(call, metadata, surroundings, reader))
        .addMethod(embed, (call, metadata) -> new EmbedCall(call, metadata, surroundings, reader))
        .addMethod(
            listModels,
            ServerCalls.asyncUnaryCall(
                (_, response) -> {
                  response.onNext(ModelListing.of(offers.get()));
                  response.onCompleted();
                }))
        .build();
  }

  /**
   * Opens the listener.
   *
   * @throws IOException if the address is in use or not ours
   */
  public void start() throws IOException {
    server.start();
    tell(ServingStatus.SERVING);
  }

  /** The port it listens on. */
  public int port() {
    return server.getPort();
  }

  /** Says in health checks that no new work is wanted; calls are still taken. */
  public void notServing() {
    health.enterTerminalState();
  }

  /**
   * The process has used up this much of its means: says in health checks whether it takes more.
   *
   * <p>No more can be done here. gRPC's server is told once, before it starts, how long a
   * connection may be idle, has no way to stop accepting and to begin again, and says goodbye to
   * all its connections or to none; to do better, its channels would have to be made by a factory
   * of ours, with event loops of our own. What comes is refused by the gate instead.
   */
  public void overloaded(OverloadLevel level) {
    tell(level.allowsConnections() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
  }

  private void tell(ServingStatus status) {
    health.setStatus("", status);
    for (ServerServiceDefinition service : server.getServices()) {
      health.setStatus(service.getServiceDescriptor().getName(), status);
    }
  }

  /**
   * Takes no new connections, gives the last answers a moment to leave, and ends whatever still
   * runs.
   */
  @Override
  public void close() {
    server.shutdown();
    try {
      boolean _ = server.awaitTermination(LAST_WRITES_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.shutdownNow();
  }
}
