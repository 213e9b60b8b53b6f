package dev.sluice.backends;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The inputs of a fuzz test, where Jazzer looks for them too: what it begins with, and what once
 * broke something. Every build tries them, and some that differ from them in a few bytes.
 */
public final class FuzzInputs {

  private static final int CHANGED_OF_EACH = 200;

  private FuzzInputs() {}

  /** Has {@code body} try the inputs of {@code test}; tells which one it fails with. */
  public static void tryAll(Class<?> test, Consumer<byte[]> body) {
    SplittableRandom random = new SplittableRandom(11);
    Map<String, byte[]> seeds = files(test);
    List<byte[]> all = List.copyOf(seeds.values());
    seeds.forEach(
        (name, seed) -> {
          attempt(name, seed, body);
          for (int i = 0; i < CHANGED_OF_EACH; i++) {
            byte[] input = changed(seed, all.get(random.nextInt(all.size())), random);
            attempt(name + ", changed for the " + i + "th time", input, body);
          }
        });
  }

  private static void attempt(String name, byte[] input, Consumer<byte[]> body) {
    try {
      body.accept(input);
    } catch (RuntimeException | Error e) {
      throw new AssertionError(name + ": " + HexFormat.of().formatHex(input), e);
    }
  }

  private static Map<String, byte[]> files(Class<?> test) {
    URL folder =
        Objects.requireNonNull(
            test.getResource(test.getSimpleName() + "Inputs/holds"), "no inputs");
    Map<String, byte[]> inputs = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(Path.of(folder.getPath()))) {
      for (Path file : files.sorted().toList()) {
        inputs.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return inputs;
  }

  private static byte[] changed(byte[] seed, byte[] other, SplittableRandom random) {
    byte[] bytes = seed.clone();
    for (int changes = random.nextInt(1, 5); changes > 0 && bytes.length > 0; changes--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(3)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] = (byte) "{}[]\",:\\\n\r0129".charAt(random.nextInt(14));
        default -> {
          int from = other.length == 0 ? 0 : random.nextInt(other.length);
          int count = Math.min(Math.min(20, bytes.length - at), other.length - from);
          System.arraycopy(other, from, bytes, at, count);
        }
      }
    }
    return bytes;
  }
}
