package dev.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Holds the published JSON Schema to what the binder accepts. */
final class SchemaTest {

  private static final Path PUBLISHED = Path.of("conf/sluice.schema.json");
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final ConfigLoader loader = ConfigLoader.ofThisProcess();

  /** Rewritten by {@code REWRITE=true mvn -pl gateway -am test -Dtest=SchemaTest}. */
  @Test
  void thePublishedSchemaIsWhatTheBinderDescribes() throws Exception {
    String generated = JSON.writeValueAsString(loader.schema()) + "\n";
    if ("true".equals(System.getenv("REWRITE"))) {
      Files.writeString(PUBLISHED, generated);
    }
    assertThat(Files.readString(PUBLISHED)).isEqualTo(generated);
  }

  @Test
  void theSchemaAcceptsTheShippedFile() throws Exception {
    assertThat(violations(Files.readString(Path.of("conf/sluice.yaml")))).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "modells: []",
        "models: []",
        "models: [{name: a, context_tokens: -1}]",
        "models: [{name: 'a b', context_tokens: 1}]",
        "models: [{name: a, context_tokens: 1, budget: {ttft: 300}}]",
        "models: [{name: a, context_tokens: 1, budget: {ttft: soon}}]",
        "service_classes: [{name: a, value: 0}]",
        "service_classes: [{name: a, criticality: urgent}]",
        "fleet: [{id: a, kind: nothing, model: b}]",
        "fleet: [{id: a, kind: emulated, model: b, profile: c, settings: {slotz: 1}}]",
        "fleet: [{id: a, kind: emulated, model: b, profile: c, settings: {slots: -1}}]",
        "policy: {name: none}",
        "limits: {max_in_flight: 0}",
        "limits: {max_message: big}",
        "listeners: {grpc: 8980}"
      })
  void whatTheBinderRefusesForItsShapeTheSchemaRefusesToo(String part) throws Exception {
    String valid =
        """
        models: [{name: llama-3.3-70b, context_tokens: 1000}]
        fleet: [{id: a, kind: emulated, model: llama-3.3-70b, profile: h100x4-llama-3.3-70b}]
        """;
    String key = part.substring(0, part.indexOf(':'));
    String text =
        String.join("\n", valid.lines().filter(line -> !line.startsWith(key + ":")).toList())
            + "\n"
            + part;
    assertThat(loader.parse("f", text)).isInstanceOf(ConfigLoader.Faulty.class);
    assertThat(violations(text)).as(text).isPositive();
  }

  private static int violations(String yaml) throws Exception {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Files.readString(PUBLISHED), InputFormat.JSON);
    Object tree = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    return schema.validate(JSON.writeValueAsString(tree), InputFormat.JSON).size();
  }
}
