package dev.sluice.backends.openai;

import dev.sluice.backends.Ability;
import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendFactory;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.Continuation;
import dev.sluice.backends.InvalidSetting;
import dev.sluice.backends.InvalidSettingException;
import dev.sluice.backends.Setting;
import dev.sluice.backends.Task;
import dev.sluice.backends.openai.http.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLContext;

/** Makes backends that are asked over OpenAI's HTTP API: kind {@code openai}. */
public final class OpenAiBackendFactory implements BackendFactory {

  private static final String BASE_URL = "base_url";
  private static final String PRESET = "preset";
  private static final String UPSTREAM_MODEL = "upstream_model";
  private static final String KEY_FILE = "api_key_file";
  private static final String KEY_VARIABLE = "api_key_env";
  private static final String CA_FILE = "ca_file";
  private static final String CONTINUATION = "continuation";
  private static final String METRICS = "metrics";

  private static final String DEFAULT_PRESET = "openai";
  private static final List<String> CONTINUATIONS = List.of("exact", "plausible", "none");

  /** For {@code ServiceLoader}. */
  public OpenAiBackendFactory() {}

  @Override
  public String kind() {
    return "openai";
  }

  @Override
  public boolean needsProfile() {
    return false;
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        required(
            BASE_URL,
            "Where its API begins, as OpenAI's clients are told it, such as"
                + " http://127.0.0.1:8080/v1."),
        new Setting(
            PRESET,
            Setting.Type.TEXT,
            false,
            Presets.names(),
            "Which engine it is, for what is peculiar to it; openai if unset."),
        text(UPSTREAM_MODEL, "What it calls the model; the model's own name if unset."),
        text(KEY_FILE, "File with the key it asks for; read again when it changes."),
        text(KEY_VARIABLE, "Environment variable with the key it asks for."),
        text(
            CA_FILE,
            "File with the certificates, in PEM, that https is verified with, in place of the Java"
                + " runtime's."),
        new Setting(
            CONTINUATION,
            Setting.Type.TEXT,
            false,
            CONTINUATIONS,
            "What its continuation of an answer is worth that another began: exact (the same"
                + " text, at temperature 0; llama.cpp with -b 64 -ub 1 and the same build"
                + " everywhere), plausible (fluent, but another text) or none; none if unset."),
        ability(
            Ability.TOOLS,
            "Whether it calls tools (vLLM and SGLang: when started with a parser of its model's"
                + " calls)"),
        ability(Ability.JSON_OBJECT, "Whether it answers with JSON when asked to"),
        ability(Ability.JSON_SCHEMA, "Whether it answers with JSON of a given schema"),
        new Setting(
            METRICS,
            Setting.Type.FLAG,
            false,
            List.of(),
            "Whether its Prometheus metrics are read for its load, where the preset knows them;"
                + " true if unset."));
  }

  private static Setting ability(Ability ability, String question) {
    return new Setting(
        name(ability),
        Setting.Type.FLAG,
        false,
        List.of(),
        question + "; what the preset says if unset.");
  }

  private static String name(Ability ability) {
    return ability.name().toLowerCase(Locale.ROOT);
  }

  private static Setting required(String name, String description) {
    return new Setting(name, Setting.Type.TEXT, true, List.of(), description);
  }

  private static Setting text(String name, String description) {
    return new Setting(name, Setting.Type.TEXT, false, List.of(), description);
  }

  @Override
  public List<InvalidSetting> check(BackendSpec spec) {
    List<InvalidSetting> invalid = new ArrayList<>();
    String url = spec.text(BASE_URL, "");
    if (BaseUrl.parse(url).isEmpty()) {
      // before an @ a password may stand
      invalid.add(
          new InvalidSetting(
              BASE_URL,
              url.contains("@") ? InvalidSetting.WITHHELD : url,
              "http://HOST[:PORT][/PATH] or https://, nothing else in it"));
    }
    String file = spec.text(KEY_FILE, "");
    if (!file.isEmpty() && !isReadable(file)) {
      invalid.add(new InvalidSetting(KEY_FILE, file, "a file that can be read"));
    }
    String variable = spec.text(KEY_VARIABLE, "");
    if (!variable.isEmpty() && System.getenv(variable) == null) {
      invalid.add(new InvalidSetting(KEY_VARIABLE, variable, "the name of a variable that is set"));
    } else if (!variable.isEmpty() && !file.isEmpty()) {
      invalid.add(new InvalidSetting(KEY_VARIABLE, variable, "not set beside " + KEY_FILE));
    }
    String authorities = spec.text(CA_FILE, "");
    if (!authorities.isEmpty() && !isReadable(authorities)) {
      invalid.add(new InvalidSetting(CA_FILE, authorities, "a file that can be read"));
    }
    checkContinuation(spec, invalid);
    return invalid;
  }

  private static boolean isReadable(String file) {
    try {
      return Files.isReadable(Path.of(file));
    } catch (InvalidPathException _) {
      return false;
    }
  }

  private static void checkContinuation(BackendSpec spec, List<InvalidSetting> invalid) {
    String preset = spec.text(PRESET, DEFAULT_PRESET);
    String continuation = spec.text(CONTINUATION, "none");
    boolean known = Presets.names().contains(preset);
    if (!continuation.equals("none") && known && !Presets.named(preset).canResume()) {
      invalid.add(
          new InvalidSetting(
              CONTINUATION, continuation, "none, because " + preset + " cannot go on with a text"));
    }
  }

  @Override
  public Set<Task> tasks(BackendSpec spec) {
    String preset = spec.text(PRESET, DEFAULT_PRESET);
    boolean embeds = Presets.names().contains(preset) && Presets.named(preset).embeds();
    return embeds ? EnumSet.allOf(Task.class) : EnumSet.of(Task.GENERATE);
  }

  @Override
  public Continuation continuation(BackendSpec spec) {
    return Continuation.valueOf(spec.text(CONTINUATION, "none").toUpperCase(Locale.ROOT));
  }

  @Override
  public Set<Ability> abilities(BackendSpec spec) {
    Set<Ability> byDefault = Presets.named(spec.text(PRESET, DEFAULT_PRESET)).abilities();
    Set<Ability> abilities = EnumSet.noneOf(Ability.class);
    for (Ability ability : Ability.values()) {
      if (spec.flag(name(ability), byDefault.contains(ability))) {
        abilities.add(ability);
      }
    }
    return abilities;
  }

  @Override
  public Backend create(BackendSpec spec) {
    List<InvalidSetting> invalid = check(spec);
    if (!invalid.isEmpty()) {
      throw new InvalidSettingException(invalid);
    }
    return new OpenAiBackend(
        new OpenAiBackend.Terms(
            BaseUrl.parse(spec.text(BASE_URL, "")).orElseThrow(),
            Presets.named(spec.text(PRESET, DEFAULT_PRESET)),
            spec.text(UPSTREAM_MODEL, spec.model()),
            continuation(spec),
            credentials(spec),
            trust(spec),
            spec.flag(METRICS, true)));
  }

  private static SSLContext trust(BackendSpec spec) {
    String file = spec.text(CA_FILE, "");
    try {
      return file.isEmpty() ? Trust.ofRuntime() : Trust.of(Path.of(file));
    } catch (IOException _) {
      throw new InvalidSettingException(
          List.of(new InvalidSetting(CA_FILE, file, "a file with certificates in PEM")));
    }
  }

  private static Credentials credentials(BackendSpec spec) {
    String file = spec.text(KEY_FILE, "");
    String variable = spec.text(KEY_VARIABLE, "");
    if (!file.isEmpty()) {
      return Credentials.ofFile(Path.of(file));
    }
    return variable.isEmpty() ? Credentials.none() : Credentials.ofEnvironment(variable);
  }
}
