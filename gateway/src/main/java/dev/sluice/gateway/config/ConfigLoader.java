package dev.sluice.gateway.config;

import dev.sluice.backends.BackendFactory;
import dev.sluice.backends.profile.Profiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Loads a configuration, or says everything that is wrong with it. */
public final class ConfigLoader {

  /** Largest file; a fleet of ten thousand entries takes less. */
  private static final int MOST_BYTES = 4 << 20;

  private static final String SHIPPED = "sluice.yaml";

  private final FileShape shape;
  private final References.Catalogue profiles;

  ConfigLoader(List<BackendFactory> factories, References.Catalogue profiles) {
    shape = new FileShape(factories);
    this.profiles = profiles;
  }

  /** What became of a file. */
  public sealed interface Result {}

  /** It is good. */
  public record Loaded(GatewayConfig config) implements Result {}

  /** It is not: at least one problem, in the order of the file. */
  public record Faulty(List<ConfigProblem> problems) implements Result {
    public Faulty {
      problems = List.copyOf(problems);
    }
  }

  /** A loader that knows the kinds of backends and the profiles that this process has. */
  static ConfigLoader ofThisProcess() {
    return new ConfigLoader(
        ServiceLoader.load(BackendFactory.class).stream().map(ServiceLoader.Provider::get).toList(),
        new References.Catalogue(Profiles::find, Profiles::nearest));
  }

  /** Loads {@code file}. */
  public static Result load(Path file) {
    String name = file.toString();
    try {
      if (Files.size(file) > MOST_BYTES) {
        return faulty(name, "larger than " + MOST_BYTES + " bytes");
      }
      return ofThisProcess().parse(name, decode(Files.readAllBytes(file)));
    } catch (NoSuchFileException e) {
      return faulty(name, "no such file");
    } catch (CharacterCodingException e) {
      return faulty(name, "not UTF-8");
    } catch (IOException e) {
      return faulty(name, "cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  /** Loads the shipped file: a mixed fleet of emulated accelerators. */
  public static Result shipped() {
    try (InputStream in =
        Objects.requireNonNull(
            ConfigLoader.class.getResourceAsStream(SHIPPED), "the shipped configuration")) {
      return ofThisProcess().parse(SHIPPED, decode(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The JSON Schema of the file, as a tree of maps and lists. */
  Map<String, Object> schema() {
    return shape.schema();
  }

  /** Reads {@code text}, calling it {@code name} in problems. */
  Result parse(String name, String text) {
    Reading reading = new Reading(name);
    try {
      Optional<Node> root = new Compose(settings(name)).composeString(text);
      if (root.isEmpty()) {
        return faulty(name, "empty (expected: an object with models and fleet)");
      }
      FileShape.Draft draft = shape.read(root.get(), "", reading);
      if (draft != null) {
        GatewayConfig config = new References(draft, profiles, reading).resolve();
        if (!reading.isFaulty()) {
          return new Loaded(config);
        }
      }
    } catch (MarkedYamlEngineException e) {
      reading.problem(e.getProblemMark(), String.valueOf(e.getProblem()));
    } catch (YamlEngineException e) {
      reading.problem(Optional.empty(), String.valueOf(e.getMessage()));
    }
    return new Faulty(reading.problems());
  }

  private static LoadSettings settings(String name) {
    return LoadSettings.builder()
        .setLabel(name)
        .setCodePointLimit(MOST_BYTES)
        // duplicate keys are reported by the shapes, beside all other problems
        .setAllowDuplicateKeys(true)
        .build();
  }

  private static String decode(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  private static Faulty faulty(String file, String message) {
    return new Faulty(List.of(new ConfigProblem(file, 1, 1, message)));
  }
}
