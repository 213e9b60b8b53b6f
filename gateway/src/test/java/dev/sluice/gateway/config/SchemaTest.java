package dev.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Holds the published JSON Schema to what the binder accepts. */
final class SchemaTest {

  private static final Path PUBLISHED = Path.of("conf/sluice.schema.json");
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final ConfigLoader loader = ConfigLoader.ofThisProcess(Path.of(""));

  /**
   * Rewritten by {@code mvn -pl gateway -am test -Dtest=SchemaTest -Drewrite=true
   * -Dsurefire.failIfNoSpecifiedTests=false}.
   */
  @Test
  void thePublishedSchemaIsWhatTheBinderDescribes() throws Exception {
    String generated = JSON.writeValueAsString(loader.schema()) + "\n";
    if (Boolean.getBoolean("rewrite")) {
      Files.writeString(PUBLISHED, generated);
    }
    assertThat(Files.readString(PUBLISHED)).isEqualTo(generated);
  }

  @ParameterizedTest
  @ValueSource(strings = {"conf/sluice.yaml", "conf/mixed.yaml"})
  void theSchemaAcceptsTheShippedFiles(String file) throws Exception {
    assertThat(violations(Files.readString(Path.of(file)))).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "modells: []",
        "models: []",
        "models: [{context_tokens: 1000}]",
        "models: [{name: a, context_tokens: -1}]",
        "models: [{name: a, context_tokens: '1'}]",
        "models: [{name: a, context_tokens: 1.5}]",
        "models: [{name: 'a b', context_tokens: 1}]",
        "models: [{name: true, context_tokens: 1}]",
        "models: [{name: a, context_tokens: 1, aliases: a}]",
        "models: [{name: a, context_tokens: 1, budget: {ttft: 300}}]",
        "models: [{name: a, context_tokens: 1, budget: {ttft: soon}}]",
        "models: [{name: a, context_tokens: 1, budget: {ttft: 0.0s}}]",
        "models: [{name: a, context_tokens: 1, budget: {ttft: .5s}}]",
        "service_classes: [{name: a, value: 0}]",
        "service_classes: [{name: a, value: .nan}]",
        "service_classes: [{name: a, criticality: urgent}]",
        "fleet: [{id: a, kind: nothing, model: b, profile: c}]",
        "fleet: [{id: a, kind: emulated, model: b}]",
        "fleet: [{id: a, kind: emulated, model: b, profile: c, count: 0}]",
        "fleet: [{id: a, kind: emulated, model: b, profile: c, price: {}}]",
        "fleet: [{id: a, kind: emulated, model: b, profile: c, price: {per_hour: -1}}]",
        "fleet: [{id: a, kind: emulated, model: b, profile: c, settings: {slotz: 1}}]",
        "fleet: [{id: a, kind: emulated, model: b, profile: c, settings: {slots: -1}}]",
        "fleet: [{id: a, kind: sluice, model: b, profile: c}]",
        "fleet: [{id: a, kind: sluice, model: b, profile: c, settings: {connections: 1}}]",
        "fleet: [{id: a, kind: emulated, model: b, profile: c, tenants: []}]",
        "fleet: [{id: a, kind: emulated, model: b, profile: c, link: 40}]",
        "fleet: [{id: a, kind: emulated, model: b, profile: c, vendor: 'a b'}]",
        "fleet: [{id: a, kind: emulated, model: b, profile: c, start: {command: [a]}}]",
        "fleet: [{id: a, kind: sluice, model: b, profile: c, start: {command: []}}]",
        "fleet: [{id: a, kind: sluice, model: b, profile: c, start: {command: a}}]",
        "fleet: [{id: a, kind: sluice, model: b, profile: c, start: {install: a}}]",
        "policy: {name: none}",
        "policy: {power_cap: 40}",
        "policy: {power_cap: 0kW}",
        "policy: {vendor_share: {}}",
        "policy: {vendor_share: {'a b': 0.5}}",
        "policy: {vendor_share: {NVIDIA: 0}}",
        "policy: {vendor_share: {NVIDIA: 1.01}}",
        "limits: {max_in_flight: 0}",
        "limits: {max_message: big}",
        "limits: {max_message: 5}",
        "limits: []",
        "listeners: {grpc: 8980}",
        "listeners: {grpc: 'h h:80'}"
      })
  void whatTheBinderRefusesForItsShapeTheSchemaRefusesToo(String part) throws Exception {
    String text = withPart(part);
    assertThat(loader.parse("f", text)).isInstanceOf(ConfigLoader.Faulty.class);
    assertThat(violations(text)).as(text).isPositive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "listeners: {grpc: '[::1]:0', admin: a.b-c:65535}",
        "limits: {max_message: 2048, max_metadata: 2048B, max_total: 0.5h, drain: 250us}",
        "limits: {}",
        "policy: {}",
        "policy: {vendor_share: {NVIDIA: 1}, power_cap: 0.5MW}",
        "service_classes: []",
        "service_classes: [{name: 8, value: 1e-3}, {name: 1.5, budget: {}}]",
        "models: [{name: llama-3.3-70b, context_tokens: 1000, max_output_tokens: 1, aliases: []}]"
      })
  void whatTheBinderAcceptsTheSchemaAcceptsToo(String part) throws Exception {
    String text = withPart(part);
    assertThat(loader.parse("f", text)).isInstanceOf(ConfigLoader.Loaded.class);
    assertThat(violations(text)).as(text).isZero();
  }

  @Test
  void everyKeyIsDescribed() throws Exception {
    checkDescribed(JSON.readTree(Files.readString(PUBLISHED)));
  }

  private static void checkDescribed(JsonNode schema) {
    for (Map.Entry<String, JsonNode> key : schema.path("properties").properties()) {
      // settings are described once, outside the conditions that say what a kind has of them
      if (!key.getKey().equals("settings")) {
        assertThat(key.getValue().path("description").asString("")).as(key.getKey()).isNotBlank();
      }
      checkDescribed(key.getValue());
    }
    if (schema.has("items")) {
      checkDescribed(schema.path("items"));
    }
    schema.path("allOf").forEach(kind -> checkDescribed(kind.path("then")));
  }

  /** A good file of which {@code part} replaces one part. */
  private static String withPart(String part) {
    String good =
        """
        models: [{name: llama-3.3-70b, context_tokens: 1000, max_output_tokens: 500}]
        fleet: [{id: a, kind: emulated, model: llama-3.3-70b, profile: h100x4-llama-3.3-70b}]
        """;
    String key = part.substring(0, part.indexOf(':') + 1);
    List<String> lines = good.lines().filter(line -> !line.startsWith(key)).toList();
    return String.join("\n", lines) + "\n" + part + "\n";
  }

  private static int violations(String yaml) throws Exception {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Files.readString(PUBLISHED), InputFormat.JSON);
    Object tree = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    return schema.validate(JSON.writeValueAsString(tree), InputFormat.JSON).size();
  }
}
