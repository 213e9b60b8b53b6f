package dev.sluice.backends.emulated.server;

import dev.sluice.backends.Backend;
import dev.sluice.backends.Task;
import dev.sluice.backends.emulated.fault.Conduct;
import dev.sluice.backends.profile.AcceleratorKind;
import dev.sluice.v1.InferenceGrpc;
import dev.sluice.v1.ListModelsRequest;
import dev.sluice.v1.ListModelsResponse;
import dev.sluice.v1.Model;
import dev.sluice.v1.ModelAbility;
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
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One backend as a server of {@code sluice.v1.Inference}, with health, reflection and {@code
 * sluice.v1.AcceleratorControl}. It owns the backend and closes it.
 */
public final class AcceleratorServer implements AutoCloseable {

  private static final int WINDOW_BYTES = 64 * 1024;
  private static final int MOST_METADATA_BYTES = 16 * 1024;

  /** A gateway sends all its work over one connection. */
  private static final int MOST_CALLS_PER_CONNECTION = 10_000;

  private final Backend backend;
  private final HealthStatusManager health = new HealthStatusManager();
  private final Listening listening;
  private final Mischief mischief;
  private volatile boolean draining;

  /**
   * What is served.
   *
   * @param model name of the model in requests
   * @param profile name that the server gives itself in answers
   * @param kind kind of hardware
   * @param contextTokens most tokens of prompt and answer together
   * @param tasks what it can be asked for
   */
  public record Served(
      String model, String profile, AcceleratorKind kind, int contextTokens, Set<Task> tasks) {

    /** A model that generates. */
    public Served(String model, String profile, AcceleratorKind kind, int contextTokens) {
      this(model, profile, kind, contextTokens, EnumSet.of(Task.GENERATE));
    }
  }

  /**
   * How it fails its callers, and what it keeps of them.
   *
   * @param conduct what it does until it is told otherwise; its seed also holds for what it is told
   * @param ledger where the books are written as well; null: nowhere
   * @param lengths where tokens end
   */
  public record Faults(Conduct conduct, @Nullable LedgerFile ledger, TokenLengths lengths) {
    /** It serves everybody. */
    public static final Faults NONE = new Faults(Conduct.GOOD, null, TokenLengths.UNKNOWN);
  }

  /** A well-behaved server that is not started yet. */
  public AcceleratorServer(
      InetSocketAddress address, Served served, Backend backend, LongSupplier nanoClock) {
    this(address, served, backend, nanoClock, Faults.NONE);
  }

  /**
   * A server that is not started yet.
   *
   * @param address where to listen; port 0 takes a free one
   * @param served what {@code backend} is
   * @param nanoClock tells instants for the times in answers
   */
  public AcceleratorServer(
      InetSocketAddress address,
      Served served,
      Backend backend,
      LongSupplier nanoClock,
      Faults faults) {
    this.backend = backend;
    Ledger ledger = new Ledger(faults.ledger());
    Misconduct misconduct = new Misconduct(faults.conduct(), nanoClock);
    List<ServerServiceDefinition> services = new ArrayList<>();
    listening =
        new Listening(
            address.getPort(),
            port -> build(new InetSocketAddress(address.getAddress(), port), services));
    mischief = new Mischief(listening, new StageThread(nanoClock), faults.lengths());
    ServedCall.Surroundings surroundings =
        new ServedCall.Surroundings(
            served,
            backend,
            new RequestReader(served.model()),
            nanoClock,
            () -> draining,
            new ServedCall.Books(ledger, misconduct, mischief));
    services.add(inference(surroundings));
    services.add(health.getHealthService().bindService());
    services.add(new AcceleratorControl(misconduct, ledger, faults.conduct().seed()).bindService());
  }

  private static Server build(InetSocketAddress address, List<ServerServiceDefinition> services) {
    return NettyServerBuilder.forAddress(address)
        .directExecutor()
        .addServices(services)
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

  private static ServerServiceDefinition inference(ServedCall.Surroundings surroundings) {
    MethodDescriptor<byte[], byte[]> generate =
        InferenceGrpc.getGenerateMethod().toBuilder(new RequestBytes(), new ResponseBytes())
            .build();
    MethodDescriptor<byte[], byte[]> embed =
        InferenceGrpc.getEmbedMethod().toBuilder(new RequestBytes(), new ResponseBytes()).build();
    MethodDescriptor<ListModelsRequest, ListModelsResponse> listModels =
        InferenceGrpc.getListModelsMethod();
    ListModelsResponse models = models(surroundings.served());
    ServiceDescriptor service =
        ServiceDescriptor.newBuilder(InferenceGrpc.SERVICE_NAME)
            .setSchemaDescriptor(InferenceGrpc.getServiceDescriptor().getSchemaDescriptor())
            .addMethod(generate)
            .addMethod(embed)
            .addMethod(listModels)
            .build();
    return ServerServiceDefinition.builder(service)
        .addMethod(generate, (call, _) -> new GenerateCall(call, surroundings))
        .addMethod(embed, (call, _) -> new EmbedCall(call, surroundings))
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
    Model.Builder model =
        Model.newBuilder()
            .setName(served.model())
            .setContextTokens(served.contextTokens())
            .addAccelerators(ResponseWriter.accelerator(served));
    served.tasks().forEach(task -> model.addAbilities(ability(task)));
    return ListModelsResponse.newBuilder().addModels(model).build();
  }

  private static ModelAbility ability(Task task) {
    return switch (task) {
      case GENERATE -> ModelAbility.MODEL_ABILITY_GENERATE;
      case EMBED -> ModelAbility.MODEL_ABILITY_EMBED;
    };
  }

  /**
   * Begins to listen.
   *
   * @throws IOException if the address is in use or not of this machine
   */
  public void start() throws IOException {
    listening.start();
    health.setStatus("", ServingStatus.SERVING);
    health.setStatus(InferenceGrpc.SERVICE_NAME, ServingStatus.SERVING);
  }

  /** The port it listens on. */
  public int port() {
    return listening.port();
  }

  /** Waits until the server has ended. */
  public void awaitEnd() throws InterruptedException {
    listening.awaitEnd();
  }

  /**
   * Takes no new work, lets what runs come to its end for at most {@code limit}, then closes.
   *
   * @return whether all came to its end
   */
  public boolean drain(Duration limit) throws InterruptedException {
    draining = true;
    health.enterTerminalState();
    listening.shutdown();
    boolean drained = listening.awaitEnd(limit.toNanos());
    close();
    return drained;
  }

  /** Ends at once, with all that runs. */
  @Override
  public void close() {
    listening.shutdownNow();
    backend.close();
    mischief.close();
  }

  @Override
  public String toString() {
    return "AcceleratorServer[" + backend + "]";
  }
}
