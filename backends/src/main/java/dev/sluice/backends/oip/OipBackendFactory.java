package dev.sluice.backends.oip;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendFactory;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.Continuation;
import dev.sluice.backends.InvalidSetting;
import dev.sluice.backends.InvalidSettingException;
import dev.sluice.backends.Setting;
import dev.sluice.backends.Task;
import dev.sluice.backends.grpc.Address;
import dev.sluice.backends.grpc.Encryption;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Makes backends that are asked over the Open Inference Protocol: kind {@code oip}. */
public final class OipBackendFactory implements BackendFactory {

  private static final String TARGET = "target";
  private static final String FLAVOUR = "flavour";
  private static final String UPSTREAM_MODEL = "upstream_model";
  private static final String KEEPALIVE = "keepalive";
  private static final String TLS = "tls";
  private static final String CA_FILE = "ca_file";
  private static final String CONTINUATION = "continuation";
  private static final String TENSOR = "tensor_";

  /** Stands for a tensor that is not to be sent. */
  private static final String NOT_SENT = "none";

  private static final String DEFAULT_FLAVOUR = "triton";
  private static final List<String> CONTINUATIONS = List.of("exact", "plausible", "none");
  private static final long DEFAULT_KEEPALIVE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long LEAST_KEEPALIVE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** The usual name of each tensor, which is also what its setting ends with, and its meaning. */
  private static final Map<String, String> TENSORS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("text_input", "the prompt or the texts to embed, BYTES"),
              Map.entry("text_output", "the text of the answer, BYTES"),
              Map.entry("stream", "whether the answer is wanted piece by piece, BOOL"),
              Map.entry("max_tokens", "most tokens of the answer"),
              Map.entry("temperature", "the temperature"),
              Map.entry("top_p", "the sum of probabilities to draw from"),
              Map.entry("top_k", "the number of tokens to draw from"),
              Map.entry("seed", "the seed"),
              Map.entry("stop", "the texts that end the answer, BYTES"),
              Map.entry("embedding", "the vectors, FP32"),
              Map.entry("dimensions", "the length of the vectors")));

  /** For {@code ServiceLoader}. */
  public OipBackendFactory() {}

  @Override
  public String kind() {
    return "oip";
  }

  @Override
  public boolean needsProfile() {
    return false;
  }

  @Override
  public List<Setting> settings() {
    List<Setting> settings = new ArrayList<>();
    settings.add(
        new Setting(
            TARGET,
            Setting.Type.TEXT,
            true,
            List.of(),
            "Where it listens for gRPC, as HOST:PORT."));
    settings.add(
        new Setting(
            FLAVOUR,
            Setting.Type.TEXT,
            false,
            Flavour.names(),
            "How it answers: triton (a stream of ModelStreamInferResponse), mlserver (a stream of"
                + " ModelInferResponse) or unary (no stream: ModelInfer); triton if unset."));
    settings.add(
        new Setting(
            UPSTREAM_MODEL,
            Setting.Type.TEXT,
            false,
            List.of(),
            "What it calls the model; the model's own name if unset."));
    settings.add(
        new Setting(
            KEEPALIVE,
            Setting.Type.DURATION,
            false,
            List.of(),
            "How long the connection may be silent before it is probed, at least 10s; 60s if"
                + " unset."));
    settings.add(
        new Setting(
            TLS,
            Setting.Type.FLAG,
            false,
            List.of(),
            "Whether it is spoken to over TLS; false if unset."));
    settings.add(
        new Setting(
            CA_FILE,
            Setting.Type.TEXT,
            false,
            List.of(),
            "File with the certificates, in PEM, that TLS is verified with, in place of the Java"
                + " runtime's."));
    settings.add(
        new Setting(
            CONTINUATION,
            Setting.Type.TEXT,
            false,
            CONTINUATIONS,
            "What its continuation of an answer is worth that another began: exact (the same"
                + " text, at temperature 0), plausible (fluent, but another text) or none; none if"
                + " unset."));
    TENSORS.forEach(
        (name, meaning) ->
            settings.add(
                new Setting(
                    TENSOR + name,
                    Setting.Type.TEXT,
                    false,
                    List.of(),
                    "What the model calls the tensor of %s; %s if unset.%s"
                        .formatted(
                            meaning, name, isNeeded(name) ? "" : " none: it is not sent."))));
    return settings;
  }

  @Override
  public List<InvalidSetting> check(BackendSpec spec) {
    List<InvalidSetting> invalid = new ArrayList<>();
    String target = spec.text(TARGET, "");
    if (Address.parse(target).isEmpty()) {
      invalid.add(new InvalidSetting(TARGET, target, "HOST:PORT"));
    }
    long keepaliveNanos = spec.number(KEEPALIVE, DEFAULT_KEEPALIVE_NANOS);
    if (keepaliveNanos < LEAST_KEEPALIVE_NANOS) {
      String value = TimeUnit.NANOSECONDS.toMillis(keepaliveNanos) + "ms";
      invalid.add(new InvalidSetting(KEEPALIVE, value, "at least 10s"));
    }
    String authorities = spec.text(CA_FILE, "");
    if (!authorities.isEmpty() && !spec.flag(TLS, false)) {
      invalid.add(new InvalidSetting(CA_FILE, authorities, "not set without tls: true"));
    } else if (!authorities.isEmpty() && encryption(spec).isEmpty()) {
      invalid.add(new InvalidSetting(CA_FILE, authorities, "a file with certificates in PEM"));
    }
    for (String name : TENSORS.keySet()) {
      if (isNeeded(name) && tensor(spec, name).isEmpty()) {
        invalid.add(new InvalidSetting(TENSOR + name, NOT_SENT, "the name of a tensor"));
      }
    }
    return invalid;
  }

  /** The model at the server says what it does, by its tensors. */
  @Override
  public Set<Task> tasks(BackendSpec spec) {
    return EnumSet.allOf(Task.class);
  }

  @Override
  public Continuation continuation(BackendSpec spec) {
    return Continuation.valueOf(spec.text(CONTINUATION, "none").toUpperCase(Locale.ROOT));
  }

  @Override
  public Backend create(BackendSpec spec) {
    List<InvalidSetting> invalid = check(spec);
    if (!invalid.isEmpty()) {
      throw new InvalidSettingException(invalid);
    }
    return new OipBackend(
        new OipBackend.Terms(
            Address.parse(spec.text(TARGET, "")).orElseThrow(),
            spec.text(UPSTREAM_MODEL, spec.model()),
            Flavour.named(spec.text(FLAVOUR, DEFAULT_FLAVOUR)),
            names(spec),
            continuation(spec),
            spec.number(KEEPALIVE, DEFAULT_KEEPALIVE_NANOS),
            encryption(spec).orElseThrow()));
  }

  /** Empty if the file of certificates is none. */
  private static Optional<Encryption> encryption(BackendSpec spec) {
    String authorities = spec.text(CA_FILE, "");
    if (!spec.flag(TLS, false)) {
      return Optional.of(Encryption.none());
    }
    try {
      return Optional.of(
          authorities.isEmpty() ? Encryption.tls() : Encryption.tls(Path.of(authorities)));
    } catch (IOException | InvalidPathException _) {
      return Optional.empty();
    }
  }

  private static TensorNames names(BackendSpec spec) {
    return new TensorNames(
        tensor(spec, "text_input"),
        tensor(spec, "text_output"),
        tensor(spec, "stream"),
        tensor(spec, "max_tokens"),
        new TensorNames.Drawing(
            tensor(spec, "temperature"),
            tensor(spec, "top_p"),
            tensor(spec, "top_k"),
            tensor(spec, "seed"),
            tensor(spec, "stop")),
        new TensorNames.Embedding(tensor(spec, "embedding"), tensor(spec, "dimensions")));
  }

  private static String tensor(BackendSpec spec, String name) {
    String said = spec.text(TENSOR + name, name);
    return said.equals(NOT_SENT) ? "" : said;
  }

  private static boolean isNeeded(String name) {
    return name.startsWith("text_") || name.equals("embedding");
  }
}
