package dev.sluice.backends.oip;

import dev.sluice.inference.ModelMetadataResponse;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The inputs that a model's metadata names. Servers that say nothing of them are taken to accept
 * all.
 */
final class Signature {

  /** Of a model whose metadata is not known, or names no inputs. */
  static final Signature UNKNOWN = new Signature(Map.of());

  private static final List<String> WHOLE = List.of("INT32", "INT64", "UINT32", "UINT64");
  private static final List<String> REAL = List.of("FP32", "FP64");
  private static final List<String> FLAG = List.of("BOOL");
  private static final List<String> BYTES = List.of("BYTES");

  private final Map<String, Input> inputs;

  /**
   * One input.
   *
   * @param datatype such as {@code BYTES}
   * @param rank number of dimensions, at least 1
   */
  record Input(String datatype, int rank) {}

  private Signature(Map<String, Input> inputs) {
    this.inputs = inputs;
  }

  static Signature of(ModelMetadataResponse metadata) {
    Map<String, Input> inputs = new LinkedHashMap<>();
    for (ModelMetadataResponse.TensorMetadata tensor : metadata.getInputsList()) {
      inputs.put(
          tensor.getName(), new Input(tensor.getDatatype(), Math.max(1, tensor.getShapeCount())));
    }
    return new Signature(Collections.unmodifiableMap(inputs));
  }

  /** Whether nothing is known. */
  boolean isUnknown() {
    return inputs.isEmpty();
  }

  /** Whether the metadata names this input. */
  boolean names(String name) {
    return inputs.containsKey(name);
  }

  /** The input as it is to be sent; empty if the model does not take it, or it has no name. */
  Optional<Input> input(String name, String datatypeIfUnknown) {
    if (name.isEmpty()) {
      return Optional.empty();
    }
    return isUnknown()
        ? Optional.of(new Input(datatypeIfUnknown, 1))
        : Optional.ofNullable(inputs.get(name));
  }

  /** Why requests with these names cannot be put to the model; empty if they can. */
  Optional<String> misfit(TensorNames names) {
    if (!isUnknown() && !inputs.containsKey(names.text())) {
      return Optional.of(
          "it takes no input %s (expected: one of %s, as tensor_text_input)"
              .formatted(names.text(), inputs.keySet()));
    }
    return misfit(names.text(), BYTES)
        .or(() -> misfit(names.stream(), FLAG))
        .or(() -> misfit(names.maxTokens(), WHOLE))
        .or(() -> misfit(names.drawing().temperature(), REAL))
        .or(() -> misfit(names.drawing().topP(), REAL))
        .or(() -> misfit(names.drawing().topK(), WHOLE))
        .or(() -> misfit(names.drawing().seed(), WHOLE))
        .or(() -> misfit(names.drawing().stop(), BYTES))
        .or(() -> misfit(names.embedding().dimensions(), WHOLE));
  }

  private Optional<String> misfit(String name, List<String> datatypes) {
    Input input = inputs.get(name);
    return input == null || datatypes.contains(input.datatype())
        ? Optional.empty()
        : Optional.of(
            "its input %s is of %s (expected: %s)".formatted(name, input.datatype(), datatypes));
  }

  @Override
  public String toString() {
    return "Signature" + inputs.keySet();
  }
}
