package dev.sluice.gateway.config;

import dev.sluice.backends.BackendFactory;
import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.ProfileFile;
import dev.sluice.backends.profile.Profiles;
import dev.sluice.gateway.core.policy.Policies;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import org.snakeyaml.engine.v2.nodes.Node;

/** Loads a configuration, or says everything that is wrong with it. */
public final class ConfigLoader {

  /** Largest file: backends alike need one entry, so a fleet of thousands takes far less. */
  private static final int MOST_BYTES = 1 << 20;

  private static final String SHIPPED = "sluice.yaml";

  private final FileShape shape;

  ConfigLoader(Catalogue catalogue) {
    shape = new FileShape(catalogue);
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

  /**
   * A loader that knows the kinds of backends and the profiles that this process has.
   *
   * @param folder where files with profiles are looked for
   */
  static ConfigLoader ofThisProcess(Path folder) {
    return new ConfigLoader(
        new Catalogue(
            ServiceLoader.load(BackendFactory.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList(),
            name -> profile(folder, name),
            Profiles::nearest,
            Policies.names()));
  }

  private static Optional<Profile> profile(Path folder, String name) {
    return name.endsWith(ProfileFile.SUFFIX)
        ? Optional.of(ProfileFile.read(folder.resolve(name)))
        : Profiles.find(name);
  }

  /** Loads {@code file}; files that it names are looked for beside it. */
  public static Result load(Path file) {
    String name = file.toString();
    try (InputStream in = Files.newInputStream(file)) {
      // one byte more tells a large file, also where its size is not known before: a pipe
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        return faulty(name, "larger than " + MOST_BYTES + " bytes (expected: at most those)");
      }
      return ofThisProcess(file.resolveSibling("")).parse(name, decode(bytes));
    } catch (NoSuchFileException e) {
      return faulty(name, "no such file");
    } catch (AccessDeniedException e) {
      return faulty(name, "may not be read (expected: read permission)");
    } catch (CharacterCodingException e) {
      return faulty(name, "not UTF-8");
    } catch (IOException e) {
      String what = Files.isDirectory(file) ? "a directory (expected: a file)" : "cannot be read";
      return faulty(name, what);
    }
  }

  /** Loads a configuration that is {@code text}, calling it {@code name} in problems. */
  public static Result read(String name, String text) {
    return ofThisProcess(Path.of("")).parse(name, text);
  }

  /** Loads the shipped file: a mixed fleet of emulated accelerators. */
  public static Result shipped() {
    try (InputStream in =
        Objects.requireNonNull(
            ConfigLoader.class.getResourceAsStream(SHIPPED), "the shipped configuration")) {
      return ofThisProcess(Path.of("")).parse(SHIPPED, decode(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What a message about {@code word}, which is none of {@code known}, adds: the one that may be
   * meant, else all of them when they are few; may be empty.
   */
  public static String suggestion(String word, List<String> known) {
    return Texts.suggestion(word, known);
  }

  /** The JSON Schema of the file, as a tree of maps and lists. */
  Map<String, Object> schema() {
    return shape.schema();
  }

  /** Reads {@code text}, calling it {@code name} in problems. */
  Result parse(String name, String text) {
    Reading reading = new Reading(name);
    Node root = YamlReader.read(text, reading);
    GatewayConfig config = root == null ? null : shape.read(root, "", reading);
    return config == null || reading.isFaulty()
        ? new Faulty(reading.problems())
        : new Loaded(config);
  }

  private static String decode(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  private static Faulty faulty(String file, String message) {
    return new Faulty(List.of(new ConfigProblem(file, 1, 1, message)));
  }
}
