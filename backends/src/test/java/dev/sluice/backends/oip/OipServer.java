package dev.sluice.backends.oip;

import com.google.protobuf.ByteString;
import dev.sluice.inference.GRPCInferenceServiceGrpc;
import dev.sluice.inference.InferParameter;
import dev.sluice.inference.InferStatistics;
import dev.sluice.inference.InferTensorContents;
import dev.sluice.inference.ModelInferRequest;
import dev.sluice.inference.ModelInferResponse;
import dev.sluice.inference.ModelMetadataRequest;
import dev.sluice.inference.ModelMetadataResponse;
import dev.sluice.inference.ModelReadyRequest;
import dev.sluice.inference.ModelReadyResponse;
import dev.sluice.inference.ModelStatistics;
import dev.sluice.inference.ModelStatisticsRequest;
import dev.sluice.inference.ModelStatisticsResponse;
import dev.sluice.inference.ModelStreamInferResponse;
import dev.sluice.inference.StatisticDuration;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCredentials;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A server of the protocol on this machine that answers each request as a test says, each on a
 * thread of its own.
 */
final class OipServer implements AutoCloseable {

  private static final String SERVICE = GRPCInferenceServiceGrpc.SERVICE_NAME;
  private static final long POLL_NANOS = 100_000;

  volatile boolean ready = true;
  volatile Status readyStatus = Status.OK;
  volatile ModelMetadataResponse metadata = ModelMetadataResponse.getDefaultInstance();
  volatile long successNanos = -1;

  private final Flavour flavour;
  private final Server server;
  private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();

  /** What a test does with a call. */
  interface Script {
    void answer(Call call) throws Exception;
  }

  OipServer(Flavour flavour, Script script) {
    this(flavour, script, InsecureServerCredentials.create());
  }

  OipServer(Flavour flavour, Script script, ServerCredentials credentials) {
    this.flavour = flavour;
    server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), credentials)
            .directExecutor()
            .addService(
                ServerServiceDefinition.builder(SERVICE)
                    .addMethod(
                        flavour.method(),
                        (call, headers) -> new Listener(new Call(call, headers), script))
                    .addMethod(
                        GRPCInferenceServiceGrpc.getModelReadyMethod(),
                        ServerCalls.<ModelReadyRequest, ModelReadyResponse>asyncUnaryCall(
                            (_, response) -> {
                              if (readyStatus.isOk()) {
                                response.onNext(
                                    ModelReadyResponse.newBuilder().setReady(ready).build());
                                response.onCompleted();
                              } else {
                                response.onError(new StatusException(readyStatus));
                              }
                            }))
                    .addMethod(
                        GRPCInferenceServiceGrpc.getModelMetadataMethod(),
                        ServerCalls.<ModelMetadataRequest, ModelMetadataResponse>asyncUnaryCall(
                            (_, response) -> {
                              response.onNext(metadata);
                              response.onCompleted();
                            }))
                    .addMethod(
                        GRPCInferenceServiceGrpc.getModelStatisticsMethod(),
                        ServerCalls.<ModelStatisticsRequest, ModelStatisticsResponse>asyncUnaryCall(
                            (_, response) -> {
                              if (successNanos < 0) {
                                response.onError(new StatusException(Status.UNIMPLEMENTED));
                                return;
                              }
                              response.onNext(statistics(successNanos));
                              response.onCompleted();
                            }))
                    .build())
            .build();
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ModelStatisticsResponse statistics(long nanos) {
    return ModelStatisticsResponse.newBuilder()
        .addModelStats(
            ModelStatistics.newBuilder()
                .setInferenceStats(
                    InferStatistics.newBuilder()
                        .setSuccess(StatisticDuration.newBuilder().setNs(nanos))))
        .build();
  }

  String target() {
    return "127.0.0.1:" + server.getPort();
  }

  Flavour flavour() {
    return flavour;
  }

  /** Calls that arrived and were not taken. */
  BlockingQueue<Call> calls() {
    return calls;
  }

  /** The next call that arrived. */
  Call next() throws InterruptedException {
    Call call = calls.poll(20, TimeUnit.SECONDS);
    if (call == null) {
      throw new AssertionError("no call arrived within 20 s");
    }
    return call;
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  /** The answering side of one call. */
  final class Call {

    final Metadata headers;
    private final ServerCall<ModelInferRequest, ModelStreamInferResponse> call;
    private volatile ModelInferRequest request = ModelInferRequest.getDefaultInstance();
    private volatile boolean cancelled;
    private boolean begun;

    private Call(ServerCall<ModelInferRequest, ModelStreamInferResponse> call, Metadata headers) {
      this.call = call;
      this.headers = headers;
      call.request(2);
    }

    ModelInferRequest request() {
      return request;
    }

    /** The element of an input of BYTES. */
    String text(String name) {
      ByteBuffer raw = raw(name);
      byte[] bytes = new byte[raw.getInt()];
      raw.get(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The bytes of an input. */
    ByteBuffer raw(String name) {
      for (int i = 0; i < request.getInputsCount(); i++) {
        if (request.getInputs(i).getName().equals(name)) {
          return request
              .getRawInputContents(i)
              .asReadOnlyByteBuffer()
              .order(ByteOrder.LITTLE_ENDIAN);
        }
      }
      throw new AssertionError("no input " + name + " in " + request.getInputsList());
    }

    Call piece(String text) {
      return piece(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A piece of text; at Triton one that says that it is not the last. */
    Call piece(byte[] text) {
      return send(output(text));
    }

    /** The regular end. */
    void end() {
      if (flavour == Flavour.TRITON) {
        send(last(ModelInferResponse.newBuilder(), true));
      }
      close(Status.OK);
    }

    Call send(ModelInferResponse.Builder response) {
      if (flavour == Flavour.TRITON && !response.containsParameters("triton_final_response")) {
        last(response, false);
      }
      return send(
          ModelStreamInferResponse.newBuilder()
              .setInferResponse(response.setId(request.getId()).setModelName("m"))
              .build());
    }

    /** Sends when the caller takes it, unless he is gone. */
    Call send(ModelStreamInferResponse response) {
      if (!begun) {
        begun = true;
        call.sendHeaders(new Metadata());
      }
      while (!cancelled && !call.isReady()) {
        LockSupport.parkNanos(POLL_NANOS);
      }
      if (!cancelled) {
        call.sendMessage(response);
      }
      return this;
    }

    void close(Status status) {
      if (!cancelled) {
        call.close(status, new Metadata());
      }
    }

    boolean isCancelled() {
      return cancelled;
    }
  }

  static ModelInferResponse.Builder output(byte[] text) {
    ByteBuffer length = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(text.length);
    return ModelInferResponse.newBuilder()
        .addOutputs(tensor("BYTES"))
        .addRawOutputContents(ByteString.copyFrom(length.flip()).concat(ByteString.copyFrom(text)));
  }

  /** As KServe answers. */
  static ModelInferResponse.Builder typedOutput(String text) {
    return ModelInferResponse.newBuilder()
        .addOutputs(
            tensor("BYTES")
                .setContents(
                    InferTensorContents.newBuilder()
                        .addBytesContents(ByteString.copyFromUtf8(text))));
  }

  static ModelInferResponse.InferOutputTensor.Builder tensor(String datatype) {
    return ModelInferResponse.InferOutputTensor.newBuilder()
        .setName("text_output")
        .setDatatype(datatype)
        .addShape(1);
  }

  static ModelInferResponse.Builder last(ModelInferResponse.Builder response, boolean last) {
    return response.putParameters(
        "triton_final_response", InferParameter.newBuilder().setBoolParam(last).build());
  }

  private final class Listener extends ServerCall.Listener<ModelInferRequest> {

    private final Call call;
    private final Script script;

    private Listener(Call call, Script script) {
      this.call = call;
      this.script = script;
    }

    @Override
    public void onMessage(ModelInferRequest message) {
      call.request = message;
    }

    @Override
    public void onHalfClose() {
      calls.add(call);
      Thread.ofVirtual().start(this::answer);
    }

    private void answer() {
      try {
        script.answer(call);
      } catch (Exception e) {
        call.close(Status.INTERNAL.withDescription("the script failed: " + e));
      }
    }

    @Override
    public void onCancel() {
      call.cancelled = true;
    }
  }
}
