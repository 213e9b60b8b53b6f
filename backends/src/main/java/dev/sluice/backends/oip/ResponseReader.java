package dev.sluice.backends.oip;

import com.google.protobuf.ByteString;
import dev.sluice.backends.grpc.MalformedResponseException;
import dev.sluice.inference.InferParameter;
import dev.sluice.inference.ModelInferResponse;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds what a response says in the tensors and parameters that there are names for. */
final class ResponseReader {

  /** No such parameter. */
  static final long UNKNOWN = -1;

  private static final String FINISH_REASON = "finish_reason";
  private static final String FINAL = "triton_final_response";
  private static final String INPUT_TOKENS = "input_tokens";
  private static final String OUTPUT_TOKENS = "output_tokens";

  private static final byte[] NOTHING = {};

  private final String answer;

  /** A reader of answers in the tensor called {@code answer}. */
  ResponseReader(String answer) {
    this.answer = answer;
  }

  /**
   * What one response says.
   *
   * @param text its piece of the answer's text, in UTF-8
   * @param last whether it is the last one; null if it does not say
   * @param finishReason why the answer ended; empty if it does not say
   * @param inputTokens tokens of the prompt; below zero if it does not say
   * @param outputTokens tokens of the answer; below zero if it does not say
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Piece(
      byte[] text,
      @Nullable Boolean last,
      String finishReason,
      long inputTokens,
      long outputTokens) {}

  Piece read(ModelInferResponse response) throws MalformedResponseException {
    InferParameter last = response.getParametersMap().get(FINAL);
    byte[] reason = element(response, FINISH_REASON);
    byte[] text = element(response, answer);
    if (text == null && response.getOutputsCount() > 0) {
      throw new MalformedResponseException("no output " + answer + ", and others");
    }
    return new Piece(
        Objects.requireNonNullElse(text, NOTHING),
        last == null ? null : last.getBoolParam(),
        reason == null
            ? parameter(response, FINISH_REASON)
            : new String(reason, StandardCharsets.UTF_8),
        inputTokens(response),
        number(response, OUTPUT_TOKENS));
  }

  /** Refuses the answer to another request than that of {@code requestId}. */
  static void checkId(ModelInferResponse response, String requestId)
      throws MalformedResponseException {
    if (!response.getId().isEmpty() && !response.getId().equals(requestId)) {
      throw new MalformedResponseException("id: another request's");
    }
  }

  /** Tokens that were asked; {@link #UNKNOWN} if it does not say. */
  static long inputTokens(ModelInferResponse response) {
    return number(response, INPUT_TOKENS);
  }

  private static String parameter(ModelInferResponse response, String name) {
    InferParameter value = response.getParametersMap().get(name);
    return value == null ? "" : value.getStringParam();
  }

  private static long number(ModelInferResponse response, String name) {
    InferParameter value = response.getParametersMap().get(name);
    return value != null && value.hasInt64Param() ? value.getInt64Param() : UNKNOWN;
  }

  /** The only element of an output of BYTES; null if there is no such output, or it is empty. */
  private static byte @Nullable [] element(ModelInferResponse response, String name)
      throws MalformedResponseException {
    for (int i = 0; i < response.getOutputsCount(); i++) {
      ModelInferResponse.InferOutputTensor output = response.getOutputs(i);
      if (output.getName().equals(name)) {
        if (!output.getDatatype().equals("BYTES")) {
          throw new MalformedResponseException(
              name + ": " + printable(output.getDatatype()) + " (expected: BYTES)");
        }
        return response.getRawOutputContentsCount() > i
            ? raw(name, response.getRawOutputContents(i))
            : typed(name, output);
      }
    }
    return null;
  }

  private static byte[] typed(String name, ModelInferResponse.InferOutputTensor output)
      throws MalformedResponseException {
    int count = output.getContents().getBytesContentsCount();
    if (count > 1) {
      throw new MalformedResponseException(name + ": " + count + " elements (expected: 1)");
    }
    return count == 0 ? NOTHING : output.getContents().getBytesContents(0).toByteArray();
  }

  private static byte[] raw(String name, ByteString raw) throws MalformedResponseException {
    if (raw.isEmpty()) {
      return NOTHING;
    }
    int length =
        raw.size() < Integer.BYTES
            ? -1
            : raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getInt();
    if (length != raw.size() - Integer.BYTES) {
      throw new MalformedResponseException(
          "%s: %d bytes that begin with length %d (expected: one element)"
              .formatted(name, raw.size(), length));
    }
    return raw.substring(Integer.BYTES).toByteArray();
  }

  static String printable(String datatype) {
    return datatype.matches("[A-Z0-9_]{1,16}") ? datatype : "another type";
  }
}
