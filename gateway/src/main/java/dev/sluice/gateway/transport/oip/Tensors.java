package dev.sluice.gateway.transport.oip;

import com.google.protobuf.ByteString;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.transport.UnreadableException;
import dev.sluice.inference.InferParameter;
import dev.sluice.inference.ModelInferRequest;
import dev.sluice.inference.ModelInferRequest.InferInputTensor;
import dev.sluice.inference.ModelInferRequest.InferRequestedOutputTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tensors of requests, held against the {@link Signature} of the model that is asked. */
final class Tensors {

  static final String TEXT_INPUT = "text_input";
  static final String TEXT_OUTPUT = "text_output";
  static final String STREAM = "stream";
  static final String MAX_TOKENS = "max_tokens";
  static final String TEMPERATURE = "temperature";
  static final String TOP_P = "top_p";
  static final String TOP_K = "top_k";
  static final String SEED = "seed";
  static final String STOP = "stop";
  static final String DIMENSIONS = "dimensions";
  static final String EMBEDDING = "embedding";

  private static final List<String> NOT_HERE = List.of("shared_memory_region", "classification");

  private static final int MOST_SHOWN_CHARACTERS = 64;

  private Tensors() {}

  /** The inputs of {@code request} by name: known ones, each once. */
  static Map<String, Tensor> inputs(ModelInferRequest request, Signature signature)
      throws UnreadableException {
    boolean isRaw = request.getRawInputContentsCount() > 0;
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < request.getInputsCount(); i++) {
      InferInputTensor input = request.getInputs(i);
      if (!signature.takes(input.getName())) {
        throw UnreadableException.malformed(
            "inputs[%d].name: %s (expected: one of %s)"
                .formatted(i, shown(input.getName()), signature.names()));
      }
      refuseWhatIsNotHere(input.getName(), input.getParametersMap());
      if (isRaw && input.hasContents()) {
        throw UnreadableException.malformed(
            "%s.contents: set beside raw_input_contents (expected: one of both)"
                .formatted(input.getName()));
      }
      if (tensors.put(input.getName(), new Tensor(input, raw(request, i))) != null) {
        throw UnreadableException.malformed(
            "inputs[%d].name: %s a second time (expected: once)".formatted(i, input.getName()));
      }
    }
    if (isRaw && request.getRawInputContentsCount() != request.getInputsCount()) {
      throw UnreadableException.malformed(
          "raw_input_contents: %d (expected: one for each of %d inputs, or none)"
              .formatted(request.getRawInputContentsCount(), request.getInputsCount()));
    }
    return tensors;
  }

  private static @Nullable ByteString raw(ModelInferRequest request, int i) {
    return i < request.getRawInputContentsCount() ? request.getRawInputContents(i) : null;
  }

  /** Refuses outputs that there are not. */
  static void checkOutputs(ModelInferRequest request, Signature signature)
      throws UnreadableException {
    String expected = signature.output().name();
    for (int i = 0; i < request.getOutputsCount(); i++) {
      InferRequestedOutputTensor output = request.getOutputs(i);
      if (!output.getName().equals(expected)) {
        throw UnreadableException.malformed(
            "outputs[%d].name: %s (expected: %s)".formatted(i, shown(output.getName()), expected));
      }
      refuseWhatIsNotHere(output.getName(), output.getParametersMap());
    }
  }

  private static void refuseWhatIsNotHere(String tensor, Map<String, InferParameter> parameters)
      throws UnreadableException {
    for (String name : NOT_HERE) {
      if (parameters.containsKey(name)) {
        throw new UnreadableException(
            Reason.UNSUPPORTED, "%s.%s: set (expected: none)".formatted(tensor, name));
      }
    }
  }

  /** A name for an error message: cut, and without what could hide in it. */
  static String shown(String name) {
    String cut =
        name.length() > MOST_SHOWN_CHARACTERS
            ? name.substring(0, MOST_SHOWN_CHARACTERS) + "…"
            : name;
    return "'" + cut.replaceAll("[^\\x20-\\x7e…]", "?") + "'";
  }
}
