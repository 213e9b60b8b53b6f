package dev.sluice.gateway.config;

import dev.sluice.backends.BackendFactory;
import dev.sluice.gateway.core.policy.Policies;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** The shape of the whole file. Defaults are those of faults §5. */
final class FileShape implements Shape<FileShape.Draft> {

  private static final GatewayConfig.Address GRPC = new GatewayConfig.Address("127.0.0.1", 8980);
  private static final GatewayConfig.Address ADMIN = new GatewayConfig.Address("127.0.0.1", 8982);
  private static final int DEFAULT_OUTPUT_TOKENS = 1024;

  // ---- budget
  private static final Field<Duration> TTFT =
      Field.optional("ttft", Shapes.DURATION, null, "from arrival to the first token");
  private static final Field<Duration> TPOT =
      Field.optional("tpot", Shapes.DURATION, null, "mean time per token after the first");
  private static final Field<Duration> TOTAL =
      Field.optional("total", Shapes.DURATION, null, "from arrival to the last token");
  private static final Field<GatewayConfig.Budget> BUDGET =
      Field.optional(
          "budget",
          new ObjectShape<>(
              List.of(TTFT, TPOT, TOTAL),
              values ->
                  new GatewayConfig.Budget(
                      values.find(TTFT), values.find(TPOT), values.find(TOTAL))),
          GatewayConfig.Budget.NONE,
          "default budget; what is left out is not limited here");

  // ---- listeners
  private static final Field<GatewayConfig.Address> GRPC_LISTENER =
      Field.optional("grpc", Shapes.ADDRESS, GRPC, "the gRPC API");
  private static final Field<GatewayConfig.Address> ADMIN_LISTENER =
      Field.optional("admin", Shapes.ADDRESS, ADMIN, "metrics, health and fleet; keep it private");
  private static final Field<GatewayConfig.Listeners> LISTENERS =
      Field.optional(
          "listeners",
          new ObjectShape<>(
              List.of(GRPC_LISTENER, ADMIN_LISTENER),
              values ->
                  new GatewayConfig.Listeners(
                      values.get(GRPC_LISTENER), values.get(ADMIN_LISTENER))),
          new GatewayConfig.Listeners(GRPC, ADMIN),
          "where the gateway listens");

  // ---- models
  private static final Field<Located<String>> MODEL_NAME =
      Field.required("name", new LocatedShape<>(Shapes.NAME), "name of the model in requests");
  private static final Field<List<Located<String>>> ALIASES =
      Field.optional(
          "aliases",
          new ListShape<>(new LocatedShape<>(Shapes.NAME), 0),
          List.of(),
          "other names for it");
  private static final Field<Long> CONTEXT =
      Field.required(
          "context_tokens",
          Shapes.whole(1, 100_000_000),
          "most tokens of prompt and answer together");
  private static final Field<Long> MAX_OUTPUT =
      Field.optional(
          "max_output_tokens",
          Shapes.whole(1, 100_000_000),
          (long) DEFAULT_OUTPUT_TOKENS,
          "most tokens of an answer when the request does not say");
  private static final Field<Located<String>> DEFAULT_CLASS =
      Field.optional(
          "service_class",
          new LocatedShape<>(Shapes.NAME),
          null,
          "class of requests that name none");
  private static final Field<List<ModelDraft>> MODELS =
      Field.required(
          "models",
          new ListShape<>(
              new ObjectShape<>(
                  List.of(MODEL_NAME, ALIASES, CONTEXT, MAX_OUTPUT, DEFAULT_CLASS, BUDGET),
                  values ->
                      new ModelDraft(
                          values.get(MODEL_NAME),
                          values.get(ALIASES),
                          Math.toIntExact(values.get(CONTEXT)),
                          Math.toIntExact(values.get(MAX_OUTPUT)),
                          values.find(DEFAULT_CLASS),
                          values.get(BUDGET))),
              1),
          "what can be asked for");

  // ---- service classes
  private static final Field<Located<String>> CLASS_NAME =
      Field.required("name", new LocatedShape<>(Shapes.NAME), "name of the class in requests");
  private static final Field<Double> VALUE =
      Field.optional(
          "value",
          Shapes.number(0, false),
          1.0,
          "worth of a request that meets its budget, relative to other classes");
  private static final Field<String> CRITICALITY =
      Field.optional(
          "criticality",
          Shapes.choice(List.of("critical_plus", "critical", "sheddable_plus", "sheddable")),
          "critical",
          "what is shed first under overload: sheddable");
  private static final Field<List<ClassDraft>> CLASSES =
      Field.optional(
          "service_classes",
          new ListShape<>(
              new ObjectShape<>(
                  List.of(CLASS_NAME, BUDGET, VALUE, CRITICALITY),
                  values ->
                      new ClassDraft(
                          values.get(CLASS_NAME),
                          values.get(BUDGET),
                          values.get(VALUE),
                          values.get(CRITICALITY))),
              0),
          List.of(),
          "named default budgets");

  // ---- policy and limits
  private static final Field<String> POLICY_NAME =
      Field.required("name", Shapes.choice(Policies.names()), "name of the routing policy");
  private static final Field<GatewayConfig.Policy> POLICY =
      Field.optional(
          "policy",
          new ObjectShape<>(
              List.of(POLICY_NAME), values -> new GatewayConfig.Policy(values.get(POLICY_NAME))),
          new GatewayConfig.Policy("cheapest-adequate"),
          "how a backend is chosen");
  private static final Field<Integer> MAX_MESSAGE =
      Field.optional("max_message", Shapes.bytes(1024, 16 << 20), 4 << 20, "largest request");
  private static final Field<Integer> MAX_METADATA =
      Field.optional(
          "max_metadata", Shapes.bytes(1024, 1 << 20), 16 << 10, "largest metadata of a request");
  private static final Field<Long> MAX_IN_FLIGHT =
      Field.optional("max_in_flight", Shapes.whole(1, 1_000_000), 10_000L, "most requests at once");
  private static final Field<Duration> MAX_TOTAL =
      Field.optional(
          "max_total",
          Shapes.DURATION,
          Duration.ofMinutes(10),
          "longest a request may take, whatever its budget");
  private static final Field<Duration> DRAIN =
      Field.optional(
          "drain",
          Shapes.DURATION,
          Duration.ofMinutes(2),
          "how long running streams may finish after SIGTERM");
  private static final Field<GatewayConfig.Limits> LIMITS =
      Field.optional(
          "limits",
          new ObjectShape<>(
              List.of(MAX_MESSAGE, MAX_METADATA, MAX_IN_FLIGHT, MAX_TOTAL, DRAIN),
              values ->
                  new GatewayConfig.Limits(
                      values.get(MAX_MESSAGE),
                      values.get(MAX_METADATA),
                      Math.toIntExact(values.get(MAX_IN_FLIGHT)),
                      values.get(MAX_TOTAL),
                      values.get(DRAIN))),
          new GatewayConfig.Limits(
              4 << 20, 16 << 10, 10_000, Duration.ofMinutes(10), Duration.ofMinutes(2)),
          "what keeps the gateway safe");

  private final ObjectShape<Draft> file;

  FileShape(List<BackendFactory> factories) {
    Field<List<BackendShape.Draft>> fleet =
        Field.required("fleet", new ListShape<>(new BackendShape(factories), 1), "the backends");
    file =
        new ObjectShape<>(
            List.of(LISTENERS, MODELS, CLASSES, fleet, POLICY, LIMITS),
            values ->
                new Draft(
                    values.get(LISTENERS),
                    values.get(MODELS),
                    values.get(CLASSES),
                    values.get(fleet),
                    values.get(POLICY),
                    values.get(LIMITS)));
  }

  /** The file with its references still to be resolved. */
  record Draft(
      GatewayConfig.Listeners listeners,
      List<ModelDraft> models,
      List<ClassDraft> classes,
      List<BackendShape.Draft> fleet,
      GatewayConfig.Policy policy,
      GatewayConfig.Limits limits) {}

  record ModelDraft(
      Located<String> name,
      List<Located<String>> aliases,
      int contextTokens,
      int maxOutputTokens,
      @Nullable Located<String> serviceClass,
      GatewayConfig.Budget budget) {}

  record ClassDraft(
      Located<String> name, GatewayConfig.Budget budget, double value, String criticality) {}

  @Override
  public @Nullable Draft read(Node node, String path, Reading reading) {
    return file.read(node, path, reading);
  }

  @Override
  public Map<String, Object> schema() {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "Sluice gateway configuration");
    schema.putAll(file.schema());
    return schema;
  }
}
