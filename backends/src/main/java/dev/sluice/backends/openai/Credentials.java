package dev.sluice.backends.openai;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The key that an engine asks for. One in a file can be changed without a restart: whoever looks
 * after the engine reads it again now and then, so that no request waits for a disk.
 */
abstract sealed class Credentials {

  private static final int MOST_KEY_BYTES = 8 * 1024;

  /** An engine that asks for none. */
  static Credentials none() {
    return new Fixed(Optional.empty());
  }

  /** The key in the environment's variable {@code name}. */
  static Credentials ofEnvironment(String name) {
    return new Fixed(usable(System.getenv(name)));
  }

  /** The key in {@code file}. */
  static Credentials ofFile(Path file) {
    return new InFile(file);
  }

  /** The key as it was when it was last read. */
  abstract Optional<String> key();

  /** Reads the key again, from its file if it is in one. */
  void readAgain() {}

  /** A key is one line of printable ASCII: anything else would be more than one header. */
  private static Optional<String> usable(@Nullable String text) {
    String key = text == null ? "" : text.strip();
    boolean fits = !key.isEmpty();
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      fits &= c > ' ' && c <= '~';
    }
    return fits ? Optional.of(key) : Optional.empty();
  }

  private static final class Fixed extends Credentials {
    private final Optional<String> key;

    Fixed(Optional<String> key) {
      this.key = key;
    }

    @Override
    Optional<String> key() {
      return key;
    }
  }

  private static final class InFile extends Credentials {
    private final Path file;
    private volatile Optional<String> key;

    InFile(Path file) {
      this.file = file;
      key = fromFile(file);
    }

    @Override
    Optional<String> key() {
      return key;
    }

    @Override
    void readAgain() {
      key = fromFile(file);
    }

    private static Optional<String> fromFile(Path file) {
      try {
        return Files.size(file) > MOST_KEY_BYTES
            ? Optional.empty()
            : usable(Files.readString(file));
      } catch (IOException _) {
        return Optional.empty();
      }
    }
  }

  /** Tells no key. */
  @Override
  public String toString() {
    return "Credentials";
  }
}
