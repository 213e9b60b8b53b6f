package dev.sluice.loadtest.live;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import dev.sluice.v1.Accelerator;
import dev.sluice.v1.Admitted;
import dev.sluice.v1.Finished;
import dev.sluice.v1.Forecast;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.GenerateResponse;
import dev.sluice.v1.InferenceGrpc.InferenceImplBase;
import dev.sluice.v1.Tokens;
import dev.sluice.v1.Usage;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A server of the inference API that does as it is told, and keeps what it was asked. */
public final class FakeInference extends InferenceImplBase implements AutoCloseable {
  /** What the server does with a request. */
  public interface Script {
    void serve(GenerateRequest request, StreamObserver<GenerateResponse> caller);
  }

  private final Queue<GenerateRequest> requests = new ConcurrentLinkedQueue<>();
  private final Script script;
  private final Server server;

  public FakeInference(Script script) throws IOException {
    this.script = script;
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .directExecutor()
            .addService(this)
            .maxInboundMessageSize(16 << 20)
            .build()
            .start();
  }

  /** Where it listens. */
  public String target() {
    return "localhost:" + server.getPort();
  }

  /** The measured requests so far: those of the warm-up are left out. */
  public List<GenerateRequest> requests() {
    return new ArrayList<>(
        requests.stream().filter(each -> each.getRequestId().startsWith("load-")).toList());
  }

  @Override
  public void generate(GenerateRequest request, StreamObserver<GenerateResponse> caller) {
    requests.add(request);
    script.serve(request, caller);
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  /** Answers in full: admission, then the tokens in runs, then the account. */
  public static void answer(GenerateRequest request, StreamObserver<GenerateResponse> caller) {
    int tokens = request.getSampling().getMaxOutputTokens();
    caller.onNext(admitted(request));
    for (int index = 0; index < tokens; index += 64) {
      caller.onNext(run(index, Math.min(64, tokens - index)));
    }
    caller.onNext(finished(request, tokens));
    caller.onCompleted();
  }

  static GenerateResponse admitted(GenerateRequest request) {
    boolean fast = request.getServiceClass().equals("coding");
    return GenerateResponse.newBuilder()
        .setAdmitted(
            Admitted.newBuilder()
                .setRequestId(request.getRequestId())
                .setBackend(fast ? "lpu-1" : "gpu-1")
                .setAccelerator(fast ? Accelerator.ACCELERATOR_LPU : Accelerator.ACCELERATOR_GPU)
                .setForecast(
                    Forecast.newBuilder()
                        .setTimeToFirstToken(Duration.newBuilder().setNanos(1_000_000))
                        .setTimePerOutputToken(Duration.newBuilder().setNanos(10_000))
                        .setProbability(0.9)
                        .setTimeToFirstTokenP90(Duration.newBuilder().setNanos(2_000_000))
                        .setTimePerOutputTokenP90(Duration.newBuilder().setNanos(15_000))))
        .build();
  }

  static GenerateResponse run(int index, int count) {
    return GenerateResponse.newBuilder()
        .setTokens(Tokens.newBuilder().setIndex(index).setCount(count).setText("x"))
        .build();
  }

  static GenerateResponse finished(GenerateRequest request, int tokens) {
    return GenerateResponse.newBuilder()
        .setFinished(
            Finished.newBuilder()
                .setUsage(
                    Usage.newBuilder()
                        .setInputTokens(request.getTokens().getIdsCount())
                        .setOutputTokens(tokens))
                .setAttempts(1)
                .setEstimatedCostUsd(0.001)
                .setEstimatedEnergyJoules(2))
        .build();
  }

  static StatusRuntimeException failure(Status status, String reason) {
    Metadata trailers = new Metadata();
    trailers.put(
        Endings.DETAILS,
        com.google.rpc.Status.newBuilder()
            .setCode(status.getCode().value())
            .addDetails(Any.pack(ErrorInfo.newBuilder().setReason(reason).build()))
            .build()
            .toByteArray());
    return status.asRuntimeException(trailers);
  }
}
