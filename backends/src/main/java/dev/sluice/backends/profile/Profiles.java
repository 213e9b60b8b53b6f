package dev.sluice.backends.profile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The catalogue of shipped profiles. Its files are read when first needed; a file that is wrong is
 * a bug of this build and fails the call.
 */
public final class Profiles {

  private static final Catalogue SHIPPED = new Catalogue(Profiles::shippedText);

  private Profiles() {}

  /** The profile called {@code name}, or empty. */
  public static Optional<Profile> find(String name) {
    return SHIPPED.sheet(name).map(ProfileSheet::profile);
  }

  /** Names of all profiles, in alphabetical order. */
  public static List<String> names() {
    return SHIPPED.names().stream().sorted().toList();
  }

  /** The name closest to {@code name}, for the error that there is no such profile. */
  public static String nearest(String name) {
    return NearestName.of(name, names());
  }

  static Optional<ProfileSheet> sheet(String name) {
    return SHIPPED.sheet(name);
  }

  static Catalogue shipped() {
    return SHIPPED;
  }

  static String shippedText(String file) {
    try (InputStream resource = Profiles.class.getResourceAsStream(file)) {
      if (resource == null) {
        throw new CatalogueException(file, "missing", "a resource beside this class");
      }
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
