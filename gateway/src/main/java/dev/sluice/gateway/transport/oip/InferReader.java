package dev.sluice.gateway.transport.oip;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.gateway.call.Payload;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Catalogue;
import dev.sluice.gateway.core.request.Constraints;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.Model;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.core.request.Task;
import dev.sluice.gateway.transport.Budgets;
import dev.sluice.gateway.transport.Checks;
import dev.sluice.gateway.transport.Headers;
import dev.sluice.gateway.transport.Requests;
import dev.sluice.gateway.transport.Resumptions;
import dev.sluice.gateway.transport.Tenants;
import dev.sluice.gateway.transport.UnreadableException;
import dev.sluice.inference.InferParameter;
import dev.sluice.inference.ModelInferRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns a {@code ModelInferRequest} into the gateway's terms and refuses what is not well formed.
 *
 * <p>Beside Triton's parameters it reads Sluice's own, which are those of the body over HTTP.
 * Parameters that are not known are ignored, as peers do; tensors that are not known are refused.
 */
final class InferReader {

  private static final long NANOS_PER_MICRO = 1_000;
  private static final String TIMEOUT = "timeout";
  private static final String EMPTY_FINAL = "triton_enable_empty_final_response";
  private static final List<String> SEQUENCE = List.of("sequence_start", "sequence_end");
  private static final String SEQUENCE_ID = "sequence_id";

  private final Requests requests;
  private final Catalogue catalogue;

  /** A reader of requests for the models of {@code catalogue}. */
  InferReader(Requests requests, Catalogue catalogue) {
    this.requests = requests;
    this.catalogue = catalogue;
  }

  /** A request that was understood, and how its answer is wanted. */
  record Read(Requests.Understood understood, Form form) {}

  /** The message that {@code bytes} are. */
  static ModelInferRequest parse(byte[] bytes) throws UnreadableException {
    try {
      return ModelInferRequest.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      // the parser's message names offsets and field kinds, never contents
      throw UnreadableException.malformed(
          "message: not an inference.ModelInferRequest (" + e.getMessage() + ")");
    }
  }

  Read read(ModelInferRequest request, Headers headers, InferenceRequest.Timing timing)
      throws UnreadableException {
    Checks.name("model_name", request.getModelName());
    checkVersion(request.getModelVersion());
    Checks.nameOrEmpty("id", request.getId());
    refuseSequences(request.getParametersMap());
    Task task = task(request.getModelName());
    Signature signature = Signature.of(task);
    Tensors.checkOutputs(request, signature);
    Values values = new Values(Tensors.inputs(request, signature), request.getParametersMap());
    Requests.Names names =
        new Requests.Names(
            request.getId(),
            request.getModelName(),
            named(values, "service_class"),
            named(values, "session"));
    return switch (task) {
      case GENERATE -> generate(names, values, headers, timing);
      case EMBED -> embed(names, values, headers, timing);
    };
  }

  /** What the model of this name does; whoever asks for one that there is not hears so later. */
  private Task task(String name) {
    Model model = catalogue.model(name);
    return model == null ? Task.GENERATE : model.task();
  }

  private Read generate(
      Requests.Names names, Values values, Headers headers, InferenceRequest.Timing timing)
      throws UnreadableException {
    Tensor prompt = textInput(values, "one element");
    Requests.Draft draft =
        new Requests.Draft(
            names,
            new Payload.Text(text(prompt)),
            drawing(values),
            orZero(values.whole(Tensors.MAX_TOKENS, 1, Integer.MAX_VALUE)),
            orZero(values.whole("expected_output_tokens", 0, Integer.MAX_VALUE)),
            budget(values, headers),
            constraints(values, Tenants.read(headers)));
    return new Read(
        requests.understood(draft, timing),
        new Form(
            names.id(),
            names.model(),
            isTrue(values.flag(Tensors.STREAM)),
            prompt.input().getShapeList(),
            isTrue(values.flag(EMPTY_FINAL))));
  }

  private Read embed(
      Requests.Names names, Values values, Headers headers, InferenceRequest.Timing timing)
      throws UnreadableException {
    Tensor texts = textInput(values, "one element for each text");
    Requests.EmbedDraft draft =
        new Requests.EmbedDraft(
            names,
            new Payload.Inputs(
                inputs(texts), orZero(values.whole(Tensors.DIMENSIONS, 1, Integer.MAX_VALUE))),
            budget(values, headers),
            constraints(values, Tenants.read(headers)));
    return new Read(requests.understood(draft, timing), Form.ofVectors(names.id(), names.model()));
  }

  /** Refuses any version of a model. */
  static void checkVersion(String version) throws UnreadableException {
    if (!version.isEmpty()) {
      throw UnreadableException.malformed(
          "model_version: %s (expected: none, as models have no versions here)"
              .formatted(Tensors.shown(version)));
    }
  }

  private static void refuseSequences(Map<String, InferParameter> parameters)
      throws UnreadableException {
    InferParameter id = parameters.get(SEQUENCE_ID);
    boolean hasId =
        id != null
            && (id.getInt64Param() != 0
                || id.getUint64Param() != 0
                || !id.getStringParam().isEmpty());
    for (String name : SEQUENCE) {
      InferParameter flag = parameters.get(name);
      if (hasId || (flag != null && flag.getBoolParam())) {
        throw new UnreadableException(
            Reason.UNSUPPORTED,
            (hasId ? SEQUENCE_ID : name)
                + ": set (expected: none, as every request stands for itself; session keeps"
                + " requests together)");
      }
    }
  }

  private static Tensor textInput(Values values, String elements) throws UnreadableException {
    Tensor tensor = values.tensors().get(Tensors.TEXT_INPUT);
    if (tensor == null) {
      throw UnreadableException.malformed(
          "inputs: no text_input among %s (expected: text_input, BYTES, %s)"
              .formatted(values.tensors().keySet(), elements));
    }
    return tensor;
  }

  private static String text(Tensor prompt) throws UnreadableException {
    List<String> texts = prompt.texts();
    if (texts.size() != 1) {
      throw UnreadableException.malformed(
          "text_input.shape: %s (expected: one element, as there are no batches)"
              .formatted(prompt.input().getShapeList()));
    }
    if (texts.getFirst().isEmpty()) {
      throw UnreadableException.malformed("text_input: empty (expected: at least one character)");
    }
    return texts.getFirst();
  }

  private static List<Payload.Input> inputs(Tensor tensor) throws UnreadableException {
    List<String> texts = tensor.texts();
    Checks.inputs(Tensors.TEXT_INPUT, texts.size());
    if (tensor.input().getShapeCount() > 0 && tensor.input().getShape(0) != texts.size()) {
      throw UnreadableException.malformed(
          "text_input.shape: %s (expected: as many texts as its first length)"
              .formatted(tensor.input().getShapeList()));
    }
    List<Payload.Input> inputs = new ArrayList<>(texts.size());
    for (String text : texts) {
      if (text.isEmpty()) {
        throw UnreadableException.malformed(
            "text_input[%d]: empty (expected: at least one character)".formatted(inputs.size()));
      }
      inputs.add(new Payload.Text(text));
    }
    return inputs;
  }

  private static Payload.Drawing drawing(Values values) throws UnreadableException {
    Double temperature = values.real(Tensors.TEMPERATURE);
    if (temperature != null) {
      Checks.temperature(Tensors.TEMPERATURE, temperature);
    }
    Double topP = values.real(Tensors.TOP_P);
    if (topP != null) {
      Checks.topP(Tensors.TOP_P, topP);
    }
    Long topK = values.whole(Tensors.TOP_K, -1, Integer.MAX_VALUE);
    List<String> stop = values.texts(Tensors.STOP);
    Checks.stops(Tensors.STOP, stop);
    return new Payload.Drawing(
        temperature,
        topP,
        topK == null ? null : Math.toIntExact(Math.max(0, topK)), // vLLM's -1 is our 0: all
        values.whole(Tensors.SEED, Long.MIN_VALUE, Long.MAX_VALUE),
        stop);
  }

  private static Budget budget(Values values, Headers headers) throws UnreadableException {
    long totalNanos = values.nanosOfMillis("slo_e2e_ms");
    // Triton's 0 is no limit
    Long timeoutMicros = values.whole(TIMEOUT, 0, Long.MAX_VALUE / NANOS_PER_MICRO);
    long timeoutNanos = timeoutMicros == null ? 0 : timeoutMicros * NANOS_PER_MICRO;
    if (totalNanos > 0 && timeoutNanos > 0 && totalNanos != timeoutNanos) {
      throw UnreadableException.budget(
          "timeout: %d µs contradicts slo_e2e_ms (expected: one of them)"
              .formatted(timeoutNanos / NANOS_PER_MICRO));
    }
    return Budgets.read(
        new Budgets.Said(
            values.nanosOfMillis("slo_ttft_ms"),
            values.nanosOfMillis("slo_tpot_ms"),
            Math.max(totalNanos, timeoutNanos)),
        headers);
  }

  private static Constraints constraints(Values values, String tenant) throws UnreadableException {
    Double maxCostUsd = values.real("max_cost_usd");
    if (maxCostUsd != null) {
      Checks.maxCostUsd("max_cost_usd", maxCostUsd);
    }
    String said = values.text("regions");
    List<String> regions = said.isEmpty() ? List.of() : Arrays.asList(said.split(",", -1));
    for (String region : regions) {
      Checks.name("regions", region);
    }
    return new Constraints(
        regions,
        Objects.requireNonNullElse(maxCostUsd, Double.POSITIVE_INFINITY),
        tenant,
        Resumptions.read("resumption", values.text("resumption")));
  }

  private static String named(Values values, String name) throws UnreadableException {
    String value = values.text(name);
    Checks.nameOrEmpty(name, value);
    return value;
  }

  private static int orZero(@Nullable Long value) {
    return value == null ? 0 : Math.toIntExact(value);
  }

  private static boolean isTrue(@Nullable Boolean value) {
    return value != null && value;
  }
}
