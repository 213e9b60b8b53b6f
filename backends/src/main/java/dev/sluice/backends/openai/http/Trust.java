package dev.sluice.backends.openai.http;

import dev.sluice.backends.tls.Authorities;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** Whose certificates are believed. */
public final class Trust {

  private Trust() {}

  /** Those that the Java runtime comes with. */
  public static SSLContext ofRuntime() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("tls: not available", e);
    }
  }

  /**
   * Those that the certificates in {@code file} have signed, and no others.
   *
   * @throws IOException if there are none in PEM
   */
  public static SSLContext of(Path file) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {Authorities.of(file)}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("certificates: unreadable", e);
    }
  }
}
