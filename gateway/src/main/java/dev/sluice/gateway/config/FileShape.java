package dev.sluice.gateway.config;

import dev.sluice.gateway.core.request.Resumption;
import dev.sluice.gateway.core.request.Task;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * The shape of the whole file. Limits that are left out are those that are safe without thought.
 */
final class FileShape implements Shape<GatewayConfig> {

  // ---- budget
  private static final Field<Duration> TTFT =
      Field.optional("ttft", Shapes.DURATION, "from arrival to the first token");
  private static final Field<Duration> TPOT =
      Field.optional("tpot", Shapes.DURATION, "mean time per token after the first");
  private static final Field<Duration> TOTAL =
      Field.optional("total", Shapes.DURATION, "from arrival to the last token");
  private static final Field<GatewayConfig.Budget> BUDGET =
      Field.group(
          "budget",
          ObjectShape.checked(List.of(TTFT, TPOT, TOTAL), FileShape::budget),
          "default budget; what is left out is not limited here");

  // ---- listeners
  private static final Field<GatewayConfig.Address> GRPC =
      Field.optional("grpc", Shapes.ADDRESS, "127.0.0.1:8980", "the gRPC API");
  private static final Field<GatewayConfig.Address> HTTP =
      Field.optional(
          "http",
          Shapes.ADDRESS,
          "127.0.0.1:8981",
          "the API that OpenAI's clients speak, over HTTP");
  private static final Field<GatewayConfig.Address> ADMIN =
      Field.optional(
          "admin", Shapes.ADDRESS, "127.0.0.1:8982", "metrics, health and fleet; keep it private");
  private static final Field<GatewayConfig.Listeners> LISTENERS =
      Field.group(
          "listeners",
          ObjectShape.checked(List.of(GRPC, HTTP, ADMIN), FileShape::listeners),
          "where the gateway listens, as HOST:PORT; port 0 takes a free one");

  // ---- models
  private static final Field<String> MODEL_NAME =
      Field.required(
          "name",
          new NameShape(Names.Kind.MODEL, Names.Role.GIVES),
          "name of the model in requests");
  private static final Field<List<String>> ALIASES =
      Field.list(
          "aliases",
          new ListShape<>(new NameShape(Names.Kind.MODEL, Names.Role.GIVES_ALIAS), 0),
          "other names for it in requests");
  private static final Field<Long> CONTEXT =
      Field.required(
          "context_tokens",
          Shapes.whole(1, 100_000_000),
          "most tokens of prompt and answer together");
  private static final Field<Long> MAX_OUTPUT =
      Field.optional(
          "max_output_tokens",
          Shapes.whole(1, 100_000_000),
          "1024",
          "most tokens of an answer when the request does not say; without meaning for a model that"
              + " embeds");
  private static final Field<String> TASK =
      Field.optional(
          "task",
          new ChoiceShape(List.of("generate", "embed")),
          "generate",
          "what it does: generate tokens, or embed: make one vector of each input");
  private static final Field<String> DEFAULT_CLASS =
      Field.optional(
          "service_class",
          new NameShape(Names.Kind.SERVICE_CLASS, Names.Role.USES),
          "class of requests that name none, one of those under service_classes");
  private static final Field<List<GatewayConfig.Model>> MODELS =
      Field.required(
          "models",
          new ListShape<>(
              ObjectShape.checked(
                  List.of(MODEL_NAME, ALIASES, TASK, CONTEXT, MAX_OUTPUT, DEFAULT_CLASS, BUDGET),
                  FileShape::model),
              1),
          "what can be asked for");

  // ---- service classes
  private static final Field<String> CLASS_NAME =
      Field.required(
          "name",
          new NameShape(Names.Kind.SERVICE_CLASS, Names.Role.GIVES),
          "name of the class in requests");
  private static final Field<Double> VALUE =
      Field.optional(
          "value",
          Shapes.numberAboveZero(),
          "1",
          "worth of a request that meets its budget, relative to other classes");
  private static final Field<String> CRITICALITY =
      Field.optional(
          "criticality",
          new ChoiceShape(List.of("critical_plus", "critical", "sheddable_plus", "sheddable")),
          "critical",
          "what is shed first under overload: sheddable, then sheddable_plus");
  private static final Field<String> RESUME =
      Field.optional(
          "resume",
          new ChoiceShape(List.of("never", "exact", "plausible")),
          "exact",
          "which continuations will do when a backend fails in the middle of an answer: none, only"
              + " one that is token for token the same, or also one that is another text from there"
              + " on");
  private static final Field<List<GatewayConfig.ServiceClass>> CLASSES =
      Field.list(
          "service_classes",
          new ListShape<>(
              ObjectShape.of(
                  List.of(CLASS_NAME, BUDGET, VALUE, CRITICALITY, RESUME), FileShape::serviceClass),
              0),
          "named default budgets");

  // ---- limits
  private static final Field<Integer> MAX_MESSAGE =
      Field.optional("max_message", Shapes.bytes(1024, 16 << 20), "4MiB", "largest request");
  private static final Field<Integer> MAX_METADATA =
      Field.optional(
          "max_metadata", Shapes.bytes(1024, 1 << 20), "16KiB", "largest metadata of a request");
  private static final Field<Long> MAX_IN_FLIGHT =
      Field.optional("max_in_flight", Shapes.whole(1, 1_000_000), "10000", "most requests at once");
  private static final Field<Long> MAX_IN_FLIGHT_PER_BACKEND =
      Field.optional(
          "max_in_flight_per_backend",
          Shapes.whole(1, 1_000_000),
          "1024",
          "most calls at once to one backend, whatever the policy and the backend's own limit");
  private static final Field<Duration> MAX_TOTAL =
      Field.optional(
          "max_total", Shapes.DURATION, "600s", "longest a request may take, whatever its budget");
  private static final Field<Duration> DRAIN =
      Field.optional(
          "drain", Shapes.DURATION, "120s", "how long running streams may finish after SIGTERM");
  private static final Field<Long> TENANT_STREAMS =
      Field.optional(
          "tenant_streams",
          Shapes.whole(0, 1_000_000),
          "0",
          "most requests at once of one tenant, as x-llm-d-inference-fairness-id says; 0: no"
              + " limit");
  private static final Field<Long> TENANT_TOKENS =
      Field.optional(
          "tenant_tokens_per_minute",
          Shapes.whole(0, 1_000_000_000_000L),
          "0",
          "most tokens a minute of one tenant, of prompts and answers; 0: no limit");
  private static final Field<GatewayConfig.Limits> LIMITS =
      Field.group(
          "limits",
          ObjectShape.of(
              List.of(
                  MAX_MESSAGE,
                  MAX_METADATA,
                  MAX_IN_FLIGHT,
                  MAX_IN_FLIGHT_PER_BACKEND,
                  MAX_TOTAL,
                  DRAIN,
                  TENANT_STREAMS,
                  TENANT_TOKENS),
              FileShape::limits),
          "what keeps the gateway safe");

  // ---- policy
  private static final String DEFAULT_POLICY = "bid-price";

  private static final Field<Map<String, Double>> VENDOR_SHARE =
      Field.optional(
          "vendor_share",
          new SharesShape(),
          "greatest share of recent requests, over all models, that hardware of a vendor may take;"
              + " at its share it is asked nothing, even if nobody else could serve");
  private static final Field<Double> POWER_CAP =
      Field.optional(
          "power_cap",
          Shapes.WATTS,
          "most that the whole fleet may draw by estimate; what would take it above is refused");

  private final Field<List<List<GatewayConfig.BackendEntry>>> fleet;
  private final Field<GatewayConfig.Policy> policy;
  private final ObjectShape<GatewayConfig> file;

  FileShape(Catalogue catalogue) {
    fleet =
        Field.required("fleet", new ListShape<>(new BackendShape(catalogue), 1), "the backends");
    policy = Field.group("policy", policy(catalogue), "how a backend is chosen");
    file =
        ObjectShape.checked(
            List.of(LISTENERS, MODELS, CLASSES, fleet, policy, LIMITS), this::config);
  }

  private static ObjectShape<GatewayConfig.Policy> policy(Catalogue catalogue) {
    Field<String> name =
        Field.optional(
            "name",
            new ChoiceShape(catalogue.policies()),
            DEFAULT_POLICY,
            "name of the routing policy");
    return ObjectShape.of(
        List.of(name, VENDOR_SHARE, POWER_CAP),
        values ->
            new GatewayConfig.Policy(
                values.get(name),
                Objects.requireNonNullElse(values.find(VENDOR_SHARE), Map.of()),
                Objects.requireNonNullElse(values.find(POWER_CAP), Double.POSITIVE_INFINITY)));
  }

  @Override
  public @Nullable GatewayConfig read(Node node, String path, Reading reading) {
    return file.read(node, path, reading);
  }

  private @Nullable GatewayConfig config(ObjectShape.Values values) {
    checkTotals(values.reading(), values.find(LIMITS));
    checkVendors(values.reading(), values.find(fleet));
    checkTasks(values.reading(), values.find(MODELS));
    values.reading().names().check();
    if (!values.isComplete()) {
      return null;
    }
    return new GatewayConfig(
        values.get(LISTENERS),
        values.get(MODELS),
        values.get(CLASSES),
        values.get(fleet).stream().flatMap(List::stream).toList(),
        values.reading().engines(),
        values.get(policy),
        values.get(LIMITS));
  }

  private static void checkVendors(
      Reading reading, @Nullable List<List<GatewayConfig.BackendEntry>> fleet) {
    if (fleet == null) {
      return; // who could not be read may be the one that is named
    }
    Set<String> vendors = new LinkedHashSet<>();
    fleet.forEach(alike -> vendors.add(alike.getFirst().place().vendor()));
    for (Reading.Vendor named : reading.vendors()) {
      if (!vendors.contains(named.name())) {
        reading.problem(
            named.node(),
            named.path(),
            "no backend is of this vendor" + Texts.suggestion(named.name(), vendors));
      }
    }
  }

  /** A backend serves a model that does what the backend can. */
  private static void checkTasks(Reading reading, @Nullable List<GatewayConfig.Model> models) {
    if (models == null) {
      return;
    }
    for (Reading.Serving serving : reading.servings()) {
      for (GatewayConfig.Model model : models) {
        dev.sluice.backends.Task needed = dev.sluice.backends.Task.valueOf(model.task().name());
        if (model.name().equals(serving.model()) && !serving.tasks().contains(needed)) {
          reading.problem(
              serving.node(),
              serving.path(),
              "'%s' has task: %s (expected: one that this backend can serve, which is %s)"
                  .formatted(model.name(), lowerCase(needed), lowerCase(serving.tasks())));
        }
      }
    }
  }

  private static String lowerCase(Object names) {
    return names.toString().toLowerCase(Locale.ROOT);
  }

  private static void checkTotals(Reading reading, GatewayConfig.@Nullable Limits limits) {
    for (Reading.Total total : reading.totals()) {
      if (limits != null && total.length().compareTo(limits.maxTotal()) > 0) {
        reading.problem(
            total.node(),
            total.path(),
            Quantities.text(total.length())
                + " (expected: at most limits.max_total, "
                + Quantities.text(limits.maxTotal())
                + ")");
      }
    }
  }

  private static GatewayConfig.@Nullable Budget budget(ObjectShape.Values values) {
    Duration total = values.find(TOTAL);
    if (total != null) {
      values.reading().total(new Reading.Total(total, values.node(TOTAL), values.path(TOTAL)));
      checkWithin(values, TTFT, total);
      checkWithin(values, TPOT, total);
    }
    return values.isComplete()
        ? new GatewayConfig.Budget(values.find(TTFT), values.find(TPOT), total)
        : null;
  }

  private static void checkWithin(ObjectShape.Values values, Field<Duration> part, Duration total) {
    Duration length = values.find(part);
    if (length != null && length.compareTo(total) > 0) {
      values.problem(
          part,
          Quantities.text(length) + " (expected: at most total, " + Quantities.text(total) + ")");
    }
  }

  private static GatewayConfig.@Nullable Listeners listeners(ObjectShape.Values values) {
    GatewayConfig.Address grpc = values.find(GRPC);
    GatewayConfig.Address http = values.find(HTTP);
    GatewayConfig.Address admin = values.find(ADMIN);
    checkApart(values, HTTP, "grpc", http, grpc);
    checkApart(values, ADMIN, "grpc", admin, grpc);
    checkApart(values, ADMIN, "http", admin, http);
    return values.isComplete()
        ? new GatewayConfig.Listeners(values.get(GRPC), values.get(HTTP), values.get(ADMIN))
        : null;
  }

  private static void checkApart(
      ObjectShape.Values values,
      Field<GatewayConfig.Address> field,
      String otherName,
      GatewayConfig.@Nullable Address address,
      GatewayConfig.@Nullable Address other) {
    if (address != null && other != null && address.port() != 0 && address.equals(other)) {
      values.problem(
          field, "'" + address + "' (expected: another address than that of " + otherName + ")");
    }
  }

  private static GatewayConfig.@Nullable Model model(ObjectShape.Values values) {
    Long context = values.find(CONTEXT);
    Task task = task(values.find(TASK));
    Long output = task == Task.EMBED ? Long.valueOf(1) : values.find(MAX_OUTPUT);
    if (context != null && output != null && output > context) {
      values.problem(MAX_OUTPUT, output + " (expected: at most context_tokens, " + context + ")");
    }
    if (!values.isComplete()) {
      return null;
    }
    return new GatewayConfig.Model(
        values.get(MODEL_NAME),
        values.get(ALIASES),
        Math.toIntExact(values.get(CONTEXT)),
        Math.toIntExact(Objects.requireNonNull(output)),
        values.find(DEFAULT_CLASS),
        values.get(BUDGET),
        task);
  }

  private static Task task(@Nullable String name) {
    return name == null ? Task.GENERATE : Task.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private static GatewayConfig.ServiceClass serviceClass(ObjectShape.Values values) {
    return new GatewayConfig.ServiceClass(
        values.get(CLASS_NAME),
        values.get(BUDGET),
        values.get(VALUE),
        GatewayConfig.Criticality.valueOf(values.get(CRITICALITY).toUpperCase(Locale.ROOT)),
        Resumption.valueOf(values.get(RESUME).toUpperCase(Locale.ROOT)));
  }

  private static GatewayConfig.Limits limits(ObjectShape.Values values) {
    return new GatewayConfig.Limits(
        values.get(MAX_MESSAGE),
        values.get(MAX_METADATA),
        Math.toIntExact(values.get(MAX_IN_FLIGHT)),
        Math.toIntExact(values.get(MAX_IN_FLIGHT_PER_BACKEND)),
        values.get(MAX_TOTAL),
        values.get(DRAIN),
        new GatewayConfig.TenantLimits(
            Math.toIntExact(values.get(TENANT_STREAMS)), values.get(TENANT_TOKENS)));
  }

  @Override
  public Map<String, Object> schema() {
    Map<String, Object> schema =
        Shapes.schema(
            "$schema",
            "https://json-schema.org/draft/2020-12/schema",
            "title",
            "Sluice gateway configuration");
    schema.putAll(file.schema());
    return schema;
  }
}
