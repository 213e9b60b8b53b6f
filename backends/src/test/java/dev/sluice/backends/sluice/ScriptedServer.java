package dev.sluice.backends.sluice;

import dev.sluice.backends.grpc.Address;
import dev.sluice.v1.Admitted;
import dev.sluice.v1.FinishReason;
import dev.sluice.v1.Finished;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.GenerateResponse;
import dev.sluice.v1.Tokens;
import dev.sluice.v1.Usage;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A server of Generate on this machine that answers each call as a test says, byte for byte. */
final class ScriptedServer implements AutoCloseable {

  /** Says SERVING until it is told otherwise. */
  final HealthStatusManager health = new HealthStatusManager();

  private final Server server;
  private final CompletableFuture<GenerateRequest> request = new CompletableFuture<>();
  private final CompletableFuture<Boolean> cancelled = new CompletableFuture<>();

  ScriptedServer(Consumer<Call> script) {
    this(0, script);
  }

  ScriptedServer(int port, Consumer<Call> script) {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .directExecutor()
            .addService(
                ServerServiceDefinition.builder("sluice.v1.Inference")
                    .addMethod(
                        SluiceBackend.GENERATE, (call, _) -> new Listener(new Call(call), script))
                    .build())
            .addService(health.getHealthService())
            .build();
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Address address() {
    return new Address("127.0.0.1", server.getPort());
  }

  /** The first request. */
  GenerateRequest request() {
    return request.orTimeout(20, java.util.concurrent.TimeUnit.SECONDS).join();
  }

  /** Waits until a call was cancelled. */
  void awaitCancel() {
    cancelled.orTimeout(20, java.util.concurrent.TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  /** The answering side of one call. */
  static final class Call {

    private final ServerCall<GenerateRequest, byte[]> call;
    private boolean begun;
    private Runnable onReady = () -> {};

    Call(ServerCall<GenerateRequest, byte[]> call) {
      this.call = call;
      call.request(2);
    }

    Call admitted() {
      return send(
          GenerateResponse.newBuilder()
              .setAdmitted(Admitted.newBuilder().setBackend("b"))
              .build()
              .toByteArray());
    }

    Call tokens(int index, int count) {
      return send(tokensMessage(index, count));
    }

    Call finished() {
      return send(finishedMessage(FinishReason.FINISH_REASON_STOP));
    }

    Call send(byte[] message) {
      if (!begun) {
        begun = true;
        call.sendHeaders(new Metadata());
      }
      call.sendMessage(message);
      return this;
    }

    boolean isReady() {
      return call.isReady();
    }

    void onReady(Runnable action) {
      onReady = action;
    }

    void close(Status status) {
      close(status, new Metadata());
    }

    void close(Status status, Metadata trailers) {
      call.close(status, trailers);
    }
  }

  static byte[] tokensMessage(int index, int count) {
    return GenerateResponse.newBuilder()
        .setTokens(Tokens.newBuilder().setIndex(index).setCount(count).setText("t" + index))
        .build()
        .toByteArray();
  }

  static byte[] finishedMessage(FinishReason reason) {
    return GenerateResponse.newBuilder()
        .setFinished(
            Finished.newBuilder()
                .setReason(reason)
                .setUsage(
                    Usage.newBuilder()
                        .setInputTokens(7)
                        .setOutputTokens(3)
                        .setCachedInputTokens(2)))
        .build()
        .toByteArray();
  }

  private final class Listener extends ServerCall.Listener<GenerateRequest> {

    private final Call call;
    private final Consumer<Call> script;

    private Listener(Call call, Consumer<Call> script) {
      this.call = call;
      this.script = script;
    }

    @Override
    public void onMessage(GenerateRequest message) {
      request.complete(message);
    }

    @Override
    public void onHalfClose() {
      script.accept(call);
    }

    @Override
    public void onReady() {
      call.onReady.run();
    }

    @Override
    public void onCancel() {
      cancelled.complete(true);
    }
  }
}
