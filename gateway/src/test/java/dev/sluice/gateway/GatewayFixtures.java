package dev.sluice.gateway;

import dev.sluice.backends.Ability;
import dev.sluice.backends.Backend;
import dev.sluice.backends.Continuation;
import dev.sluice.backends.profile.AcceleratorKind;
import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Service;
import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.gateway.core.admission.Means;
import dev.sluice.gateway.core.request.Task;
import dev.sluice.gateway.time.NanoClock;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A gateway on loopback over two backends of the test's making: {@code slow} (a GPU) and {@code
 * fast} (an LPU).
 */
final class GatewayFixtures implements AutoCloseable {

  static final String MODEL = "llama-3.3-70b";

  final FakeBackend slow = new FakeBackend();
  final FakeBackend fast = new FakeBackend();
  final Gateway gateway;
  final ManagedChannel channel;

  /** A gateway whose backends continue nothing. */
  GatewayFixtures() throws IOException {
    this(Continuation.NONE);
  }

  /** A gateway whose backends continue what others began, for what {@code continuation} says. */
  GatewayFixtures(Continuation continuation) throws IOException {
    this(continuation, GatewayConfig.TenantLimits.NONE);
  }

  /** A gateway whose tenants may use so much, and whose backends continue nothing. */
  GatewayFixtures(GatewayConfig.TenantLimits tenants) throws IOException {
    this(Continuation.NONE, tenants);
  }

  /** A gateway whose model does {@code task}. */
  GatewayFixtures(Task task) throws IOException {
    this(config(anywhere(), continuing(Continuation.NONE), GatewayConfig.TenantLimits.NONE, task));
  }

  /** A gateway whose backends can do this beyond answering in words, in the order of the fleet. */
  GatewayFixtures(GatewayConfig.Skills slow, GatewayConfig.Skills fast) throws IOException {
    this(config(anywhere(), List.of(slow, fast), GatewayConfig.TenantLimits.NONE, Task.GENERATE));
  }

  /** A gateway that calls none of its backends more than {@code mostPerBackend} times at once. */
  GatewayFixtures(int mostPerBackend) throws IOException {
    this(
        config(
            anywhere(),
            continuing(Continuation.NONE),
            GatewayConfig.TenantLimits.NONE,
            Task.GENERATE,
            mostPerBackend));
  }

  private GatewayFixtures(Continuation continuation, GatewayConfig.TenantLimits tenants)
      throws IOException {
    this(config(anywhere(), continuing(continuation), tenants, Task.GENERATE));
  }

  /** A gateway in a process whose means {@code means} reads. */
  GatewayFixtures(Supplier<Means> means) throws IOException {
    this(
        config(
            anywhere(),
            continuing(Continuation.NONE),
            GatewayConfig.TenantLimits.NONE,
            Task.GENERATE),
        means);
  }

  private GatewayFixtures(GatewayConfig config) throws IOException {
    // a busy machine's lag would let tests be refused
    this(config, () -> Means.NOTHING);
  }

  private GatewayFixtures(GatewayConfig config, Supplier<Means> means) throws IOException {
    gateway = new Gateway(config, List.of(slow, fast), NanoClock.system(), _ -> means);
    gateway.start();
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", gateway.grpcPort())
            .usePlaintext()
            .flowControlWindow(64 * 1024)
            .maxInboundMetadataSize(64 * 1024)
            .build();
  }

  /** Starts a gateway on these addresses, and ends it at once. */
  static void start(GatewayConfig.Listeners listeners) throws IOException {
    List<Backend> backends = List.of(new FakeBackend(), new FakeBackend());
    GatewayConfig config =
        config(
            listeners,
            continuing(Continuation.NONE),
            GatewayConfig.TenantLimits.NONE,
            Task.GENERATE);
    try (Gateway gateway = new Gateway(config, backends, NanoClock.system())) {
      gateway.start();
    }
  }

  private static GatewayConfig.Listeners anywhere() {
    GatewayConfig.Address free = new GatewayConfig.Address("127.0.0.1", 0);
    return new GatewayConfig.Listeners(free, free, free);
  }

  private static List<GatewayConfig.Skills> continuing(Continuation continuation) {
    GatewayConfig.Skills skills = skills(continuation);
    return List.of(skills, skills);
  }

  /** Skills of a backend that continues answers and does this besides. */
  static GatewayConfig.Skills skills(Continuation continuation, Ability... abilities) {
    Set<Ability> set = EnumSet.noneOf(Ability.class);
    set.addAll(List.of(abilities));
    return new GatewayConfig.Skills(continuation, set);
  }

  private static GatewayConfig config(
      GatewayConfig.Listeners listeners,
      List<GatewayConfig.Skills> skills,
      GatewayConfig.TenantLimits tenants,
      Task task) {
    return config(listeners, skills, tenants, task, 1000);
  }

  private static GatewayConfig config(
      GatewayConfig.Listeners listeners,
      List<GatewayConfig.Skills> skills,
      GatewayConfig.TenantLimits tenants,
      Task task,
      int mostPerBackend) {
    return new GatewayConfig(
        listeners,
        List.of(
            new GatewayConfig.Model(
                MODEL, List.of("big"), 8192, 256, "chat", GatewayConfig.Budget.NONE, task)),
        List.of(
            new GatewayConfig.ServiceClass(
                "chat",
                new GatewayConfig.Budget(Duration.ofSeconds(2), Duration.ofMillis(100), null),
                1,
                GatewayConfig.Criticality.CRITICAL)),
        List.of(entry("slow", gpu(), skills.get(0)), entry("fast", lpu(), skills.get(1))),
        new GatewayConfig.Policy("cheapest-adequate"),
        new GatewayConfig.Limits(
            4 << 20,
            16 << 10,
            1000,
            mostPerBackend,
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            tenants));
  }

  private static GatewayConfig.BackendEntry entry(
      String id, Profile profile, GatewayConfig.Skills skills) {
    return new GatewayConfig.BackendEntry(
        id,
        "fake",
        MODEL,
        new GatewayConfig.Place("eu", "test", Duration.ZERO),
        profile,
        Map.of(),
        List.of(),
        skills);
  }

  static Profile gpu() {
    return profile(
        AcceleratorKind.GPU,
        new Service.Batch(
            15.9e6,
            0.1e6,
            0,
            92_000,
            Service.HostFloor.NONE,
            new Service.BatchLimits(2048, 256, 448_000, 16, true)),
        12);
  }

  static Profile lpu() {
    return profile(AcceleratorKind.LPU, new Service.Slots(3.6e6, 8, 100_000, 3.6e6), 100);
  }

  private static Profile profile(AcceleratorKind kind, Service service, double perHourUsd) {
    return new Profile(
        "test-" + kind,
        new Profile.Deployment(kind, "test", 4, MODEL, "bf16"),
        service,
        15e6,
        new Profile.Energy(27.8, 0.381, 0.05, 1000),
        new Profile.Price(perHourUsd, 0, 0),
        131_072);
  }

  /** Calls {@code Generate} with bytes that need not be a message. */
  void generateRaw(byte[] request) {
    MethodDescriptor<byte[], byte[]> method =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
            .setFullMethodName("sluice.v1.Inference/Generate")
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();
    ClientCalls.blockingServerStreamingCall(channel, method, CallOptions.DEFAULT, request)
        .forEachRemaining(_ -> {});
  }

  /** The channel with these metadata on every call. */
  Channel with(String... namesAndValues) {
    Metadata metadata = new Metadata();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      metadata.put(
          Metadata.Key.of(namesAndValues[i], Metadata.ASCII_STRING_MARSHALLER),
          namesAndValues[i + 1]);
    }
    return io.grpc.ClientInterceptors.intercept(
        channel, io.grpc.stub.MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  /** Waits until no request is under way: a caller may have its answer before the books do. */
  void awaitIdle() {
    long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (gateway.ledger().inFlight() > 0 && System.nanoTime() < endNanos) {
      Thread.onSpinWait();
    }
  }

  /**
   * The three books: what the caller saw, what the gateway counted, what the backends delivered.
   */
  void assertBooksBalance() {
    var ledger = gateway.ledger();
    if (ledger.inFlight() != 0) {
      throw new AssertionError("in flight at the end: " + ledger);
    }
    var attempts = gateway.attempts();
    if (attempts.running() != 0
        || attempts.violations() != 0
        || attempts.tokens().delivered() != ledger.deliveredTokens()) {
      throw new AssertionError("attempts at the end: " + attempts + ", " + ledger);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    gateway.close();
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  /** A call that reads nothing by itself. */
  static <Q, A> ClientCall<Q, A> open(Channel channel, MethodDescriptor<Q, A> method) {
    return channel.newCall(method, CallOptions.DEFAULT);
  }
}
