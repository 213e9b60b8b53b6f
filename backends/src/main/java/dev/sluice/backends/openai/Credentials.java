package dev.sluice.backends.openai;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The key that an engine asks for. One in a file is read again now and then, so that it can be
 * changed without a restart.
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

  /** The key as it is now; may read a file. */
  abstract Optional<String> key();

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
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Path file;
    private volatile @Nullable Read read;

    private record Read(Optional<String> key, long atNanos) {}

    InFile(Path file) {
      this.file = file;
    }

    @Override
    Optional<String> key() {
      Read last = read;
      long nowNanos = System.nanoTime();
      if (last == null || nowNanos - last.atNanos > FRESH_NANOS) {
        last = new Read(fromFile(), nowNanos);
        read = last;
      }
      return last.key;
    }

    private Optional<String> fromFile() {
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
