package dev.sluice.gateway.transport.oip;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.inference.ModelInferResponse;
import dev.sluice.inference.ModelStreamInferResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes the responses to one request, with raw contents, which is where clients look first. */
final class Responses {

  private static final String FINAL = "triton_final_response";

  private final Form form;

  /** What every further piece begins with: all but its text. Made when first needed. */
  private byte[] common = {};

  Responses(Form form) {
    this.form = form;
  }

  /** A response without a tensor. */
  ModelInferResponse.Builder bare() {
    return ModelInferResponse.newBuilder().setModelName(form.model()).setId(form.id());
  }

  /** A response with this text. */
  ModelInferResponse.Builder of(CharSequence text) {
    return withOutput(bare()).addRawOutputContents(element(text.toString()));
  }

  /** A response with vectors of so many values each, one after the other. */
  ModelInferResponse.Builder of(int dimensions, float[] values) {
    ByteBuffer raw =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    ModelInferResponse.Builder response = bare();
    response
        .addOutputsBuilder()
        .setName(Tensors.EMBEDDING)
        .setDatatype("FP32")
        .addShape(values.length / dimensions)
        .addShape(dimensions);
    return response.addRawOutputContents(UnsafeByteOperations.unsafeWrap(raw));
  }

  private ModelInferResponse.Builder withOutput(ModelInferResponse.Builder response) {
    response
        .addOutputsBuilder()
        .setName(Tensors.TEXT_OUTPUT)
        .setDatatype("BYTES")
        .addAllShape(form.shape());
    return response;
  }

  private static ByteString element(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteString.copyFrom(
        ByteBuffer.allocate(Integer.BYTES + bytes.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(bytes.length)
            .put(bytes)
            .flip());
  }

  /** A message of the stream with {@code response}. */
  static byte[] streamed(ModelInferResponse.Builder response, boolean isLast) {
    Account.flag(response, FINAL, isLast);
    return ModelStreamInferResponse.newBuilder().setInferResponse(response).build().toByteArray();
  }

  /**
   * A message of the stream with a further piece of text. Encodes without building a message, since
   * this runs once for each token. Says the same as {@link #streamed} of {@link #of}, which the
   * tests compare it with.
   */
  byte[] piece(String text) {
    if (common.length == 0) {
      ModelInferResponse.Builder response = withOutput(bare());
      Account.flag(response, FINAL, false);
      common = response.build().toByteArray();
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int elementBytes = Integer.BYTES + bytes.length;
    int responseBytes =
        common.length
            + CodedOutputStream.computeTagSize(ModelInferResponse.RAW_OUTPUT_CONTENTS_FIELD_NUMBER)
            + CodedOutputStream.computeUInt32SizeNoTag(elementBytes)
            + elementBytes;
    byte[] message =
        new byte
            [CodedOutputStream.computeTagSize(ModelStreamInferResponse.INFER_RESPONSE_FIELD_NUMBER)
                + CodedOutputStream.computeUInt32SizeNoTag(responseBytes)
                + responseBytes];
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(message);
      out.writeTag(
          ModelStreamInferResponse.INFER_RESPONSE_FIELD_NUMBER,
          WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(responseBytes);
      out.writeRawBytes(common);
      out.writeTag(
          ModelInferResponse.RAW_OUTPUT_CONTENTS_FIELD_NUMBER,
          WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(elementBytes);
      out.writeFixed32NoTag(bytes.length);
      out.writeRawBytes(bytes);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return message;
  }

  /** The message that ends one request of a stream with its failure. */
  static byte[] error(String model, String id, Failure failure, int tokensDelivered) {
    ModelInferResponse.Builder response =
        ModelInferResponse.newBuilder().setModelName(model).setId(id);
    Account.failure(response, failure, tokensDelivered);
    Account.flag(response, FINAL, true);
    return ModelStreamInferResponse.newBuilder()
        .setErrorMessage(failure.reason() + ": " + failure.message())
        .setInferResponse(response)
        .build()
        .toByteArray();
  }
}
