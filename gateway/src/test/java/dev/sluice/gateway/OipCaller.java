package dev.sluice.gateway;

import com.google.protobuf.ByteString;
import dev.sluice.inference.GRPCInferenceServiceGrpc;
import dev.sluice.inference.InferParameter;
import dev.sluice.inference.InferTensorContents;
import dev.sluice.inference.ModelInferRequest;
import dev.sluice.inference.ModelInferResponse;
import dev.sluice.inference.ModelStreamInferResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A caller of {@code ModelStreamInfer}, and what it takes to speak the protocol. */
final class OipCaller {

  private final ClientCall<ModelInferRequest, ModelStreamInferResponse> call;
  private final BlockingQueue<ModelStreamInferResponse> responses = new LinkedBlockingQueue<>();
  private final CompletableFuture<Status> end = new CompletableFuture<>();

  /** Opens a stream that takes {@code messages} responses, then no more until it is told to. */
  OipCaller(Channel channel, int messages) {
    call =
        channel.newCall(GRPCInferenceServiceGrpc.getModelStreamInferMethod(), CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(ModelStreamInferResponse message) {
            responses.add(message);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status);
          }
        },
        new Metadata());
    call.request(messages);
  }

  OipCaller send(ModelInferRequest request) {
    call.sendMessage(request);
    return this;
  }

  OipCaller halfClose() {
    call.halfClose();
    return this;
  }

  void request(int messages) {
    call.request(messages);
  }

  void cancel() {
    call.cancel("enough", null);
  }

  ModelStreamInferResponse next() throws InterruptedException {
    ModelStreamInferResponse response = responses.poll(10, TimeUnit.SECONDS);
    if (response == null) {
      throw new AssertionError("no response within 10 s; ended: " + end.getNow(null));
    }
    return response;
  }

  int pending() {
    return responses.size();
  }

  Status end() throws Exception {
    return end.get(10, TimeUnit.SECONDS);
  }

  // ---- messages

  /** A request for {@link GatewayFixtures#MODEL} with a prompt as tritonclient sends it. */
  static ModelInferRequest.Builder request(String id) {
    return ModelInferRequest.newBuilder()
        .setModelName(GatewayFixtures.MODEL)
        .setId(id)
        .addInputs(input("text_input", "BYTES", 1))
        .addRawInputContents(element("hello"));
  }

  /** The same, to be answered piece by piece. */
  static ModelInferRequest.Builder streaming(String id) {
    return request(id)
        .addInputs(input("stream", "BOOL", 1))
        .addRawInputContents(ByteString.copyFrom(new byte[] {1}));
  }

  /** The same with typed contents, as grpcurl sends it. */
  static ModelInferRequest.Builder typed(String prompt) {
    return ModelInferRequest.newBuilder()
        .setModelName(GatewayFixtures.MODEL)
        .addInputs(
            input("text_input", "BYTES", 1)
                .setContents(
                    InferTensorContents.newBuilder()
                        .addBytesContents(ByteString.copyFromUtf8(prompt))));
  }

  static ModelInferRequest.InferInputTensor.Builder input(
      String name, String datatype, long... shape) {
    ModelInferRequest.InferInputTensor.Builder input =
        ModelInferRequest.InferInputTensor.newBuilder().setName(name).setDatatype(datatype);
    for (long length : shape) {
      input.addShape(length);
    }
    return input;
  }

  static ByteString element(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteString.copyFrom(
        ByteBuffer.allocate(4 + bytes.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(bytes.length)
            .put(bytes)
            .flip());
  }

  static InferParameter flag(boolean value) {
    return InferParameter.newBuilder().setBoolParam(value).build();
  }

  static InferParameter whole(long value) {
    return InferParameter.newBuilder().setInt64Param(value).build();
  }

  static InferParameter real(double value) {
    return InferParameter.newBuilder().setDoubleParam(value).build();
  }

  static InferParameter text(String value) {
    return InferParameter.newBuilder().setStringParam(value).build();
  }

  /** The text of a response with one tensor. */
  static String textOf(ModelInferResponse response) {
    ByteString raw = response.getRawOutputContents(0);
    return raw.substring(4).toStringUtf8();
  }

  static String parameter(ModelInferResponse response, String name) {
    return response.getParametersOrThrow(name).getStringParam();
  }

  static boolean isLast(ModelStreamInferResponse response) {
    return response.getInferResponse().getParametersOrThrow("triton_final_response").getBoolParam();
  }
}
