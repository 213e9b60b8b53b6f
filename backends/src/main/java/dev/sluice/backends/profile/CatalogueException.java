package dev.sluice.backends.profile;

/** The catalogue's files say something that cannot be: the file, the key, the value, what could. */
final class CatalogueException extends IllegalStateException {

  CatalogueException(String where, String value, String expected) {
    super(where + ": " + value + " (expected: " + expected + ")");
  }

  CatalogueException(String where, Exception cause) {
    super(where + ": " + cause.getMessage(), cause);
  }
}
