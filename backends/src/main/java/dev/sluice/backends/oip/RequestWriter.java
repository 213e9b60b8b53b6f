package dev.sluice.backends.oip;

import com.google.protobuf.ByteString;
import dev.sluice.backends.Embedding;
import dev.sluice.backends.Generation;
import dev.sluice.backends.Sampling;
import dev.sluice.inference.InferParameter;
import dev.sluice.inference.ModelInferRequest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Says a {@link Generation} or an {@link Embedding} in tensors, as far as the model takes them.
 * Immutable.
 */
final class RequestWriter {

  private static final String FINAL_RESPONSE = "triton_enable_empty_final_response";

  /** Triton's backend for vLLM takes all that tells how to draw in one text of JSON. */
  private static final String VLLM_SAMPLING = "sampling_parameters";

  /** And puts the prompt before the answer unless it is told not to. */
  private static final String VLLM_WITHOUT_PROMPT = "exclude_input_in_output";

  private static final String DIMENSIONS = "dimensions";

  private static final JsonFactory JSON = new JsonFactory();

  private final String model;
  private final TensorNames names;
  private final Flavour flavour;

  /**
   * A writer for one model.
   *
   * @param model its name at the server
   */
  RequestWriter(String model, TensorNames names, Flavour flavour) {
    this.model = model;
    this.names = names;
    this.flavour = flavour;
  }

  /**
   * The request.
   *
   * @param prompt what to continue
   * @param mostTokens most tokens of the answer
   */
  ModelInferRequest write(
      Generation generation, String prompt, int mostTokens, Signature signature) {
    Tensors tensors = new Tensors(signature);
    Sampling sampling = generation.sampling();
    tensors.request.setModelName(model).setId(generation.requestId());
    tensors.texts(names.text(), List.of(prompt));
    if (flavour != Flavour.UNARY) {
      tensors.flag(names.stream(), true);
    }
    tensors.whole(names.maxTokens(), mostTokens);
    drawing(tensors, sampling);
    if (!signature.isUnknown()) {
      tensors.texts(VLLM_SAMPLING, List.of(json(sampling, mostTokens)));
      tensors.flag(VLLM_WITHOUT_PROMPT, true);
    }
    if (flavour == Flavour.TRITON) {
      tensors.request.putParameters(
          FINAL_RESPONSE, InferParameter.newBuilder().setBoolParam(true).build());
    }
    return tensors.request.build();
  }

  /**
   * The request for vectors.
   *
   * @param texts what to embed
   */
  ModelInferRequest write(Embedding embedding, List<String> texts, Signature signature) {
    Tensors tensors = new Tensors(signature);
    tensors.request.setModelName(model).setId(embedding.requestId());
    tensors.batch(names.text(), texts);
    if (embedding.dimensions() > 0) {
      String dimensions = names.embedding().dimensions();
      if (signature.names(dimensions)) {
        tensors.whole(dimensions, embedding.dimensions());
      } else {
        // a model that does not name it may still heed it; that it did is seen by the vectors
        tensors.request.putParameters(
            DIMENSIONS, InferParameter.newBuilder().setInt64Param(embedding.dimensions()).build());
      }
    }
    return tensors.request.build();
  }

  private void drawing(Tensors tensors, Sampling sampling) {
    if (sampling.temperature() != null) {
      tensors.real(names.drawing().temperature(), sampling.temperature());
    }
    if (sampling.topP() != null) {
      tensors.real(names.drawing().topP(), sampling.topP());
    }
    if (sampling.topK() != null) {
      tensors.whole(names.drawing().topK(), sampling.topK());
    }
    if (sampling.seed() != null) {
      tensors.whole(names.drawing().seed(), sampling.seed());
    }
    if (!sampling.stop().isEmpty()) {
      tensors.texts(names.drawing().stop(), sampling.stop());
    }
  }

  private static String json(Sampling sampling, int mostTokens) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      json.writeNumberProperty("max_tokens", mostTokens);
      if (sampling.temperature() != null) {
        json.writeNumberProperty("temperature", sampling.temperature());
      }
      if (sampling.topP() != null) {
        json.writeNumberProperty("top_p", sampling.topP());
      }
      if (sampling.topK() != null && sampling.topK() > 0) {
        json.writeNumberProperty("top_k", sampling.topK());
      }
      if (sampling.seed() != null) {
        json.writeNumberProperty("seed", sampling.seed());
      }
      if (!sampling.stop().isEmpty()) {
        json.writeArrayPropertyStart("stop");
        sampling.stop().forEach(json::writeString);
        json.writeEndArray();
      }
      json.writeEndObject();
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** A request that is being filled with the tensors that the model takes. */
  private static final class Tensors {

    private final ModelInferRequest.Builder request = ModelInferRequest.newBuilder();
    private final Signature signature;

    Tensors(Signature signature) {
      this.signature = signature;
    }

    void texts(String name, List<String> texts) {
      signature
          .input(name, "BYTES")
          .ifPresent(input -> add(name, input, texts.size(), elements(texts)));
    }

    /** Texts that stand side by side, each for itself: their number is the first dimension. */
    void batch(String name, List<String> texts) {
      signature
          .input(name, "BYTES")
          .ifPresent(
              input -> {
                ModelInferRequest.InferInputTensor.Builder tensor =
                    request.addInputsBuilder().setName(name).setDatatype(input.datatype());
                tensor.addShape(texts.size());
                for (int i = 1; i < input.rank(); i++) {
                  tensor.addShape(1);
                }
                request.addRawInputContents(elements(texts));
              });
    }

    private static ByteString elements(List<String> texts) {
      ByteString.Output raw = ByteString.newOutput();
      for (String text : texts) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        raw.write(little(Integer.BYTES).putInt(bytes.length).array(), 0, Integer.BYTES);
        raw.write(bytes, 0, bytes.length);
      }
      return raw.toByteString();
    }

    void flag(String name, boolean value) {
      signature
          .input(name, "BOOL")
          .ifPresent(
              input ->
                  add(name, input, 1, ByteString.copyFrom(new byte[] {(byte) (value ? 1 : 0)})));
    }

    /** A number that the model's type cannot hold keeps its low bits, as seeds may be any. */
    void whole(String name, long value) {
      signature
          .input(name, "INT32")
          .ifPresent(
              input ->
                  add(
                      name,
                      input,
                      1,
                      input.datatype().endsWith("64")
                          ? raw(little(Long.BYTES).putLong(value))
                          : raw(little(Integer.BYTES).putInt((int) value))));
    }

    void real(String name, double value) {
      signature
          .input(name, "FP32")
          .ifPresent(
              input ->
                  add(
                      name,
                      input,
                      1,
                      input.datatype().equals("FP64")
                          ? raw(little(Double.BYTES).putDouble(value))
                          : raw(little(Float.BYTES).putFloat((float) value))));
    }

    private static ByteBuffer little(int bytes) {
      return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteString raw(ByteBuffer number) {
      return ByteString.copyFrom(number.flip());
    }

    /** All dimensions but the last are of length 1: no batch. */
    private void add(String name, Signature.Input input, int length, ByteString raw) {
      ModelInferRequest.InferInputTensor.Builder tensor =
          request.addInputsBuilder().setName(name).setDatatype(input.datatype());
      for (int i = 1; i < input.rank(); i++) {
        tensor.addShape(1);
      }
      tensor.addShape(length);
      request.addRawInputContents(raw);
    }
  }
}
