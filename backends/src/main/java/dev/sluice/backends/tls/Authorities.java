package dev.sluice.backends.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Those who vouch for servers. */
public final class Authorities {

  private Authorities() {}

  /** Those that the Java runtime comes with. */
  public static X509ExtendedTrustManager ofRuntime() {
    try {
      return manager(null);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("tls: not available", e);
    }
  }

  /**
   * The owners of the certificates in {@code file}, and nobody else.
   *
   * @throws IOException if there are none in PEM
   */
  public static X509ExtendedTrustManager of(Path file) throws IOException {
    try (InputStream pem = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("ca-" + count++, each);
      }
      if (count == 0) {
        throw new IOException("certificates: 0 (expected: at least 1)");
      }
      return manager(store);
    } catch (GeneralSecurityException e) {
      throw new IOException("certificates: unreadable", e);
    }
  }

  /** Believes what is in {@code store}; the runtime's store if it is null. */
  private static X509ExtendedTrustManager manager(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    for (TrustManager each : managers.getTrustManagers()) {
      if (each instanceof X509ExtendedTrustManager found) {
        return new InItsTime(found);
      }
    }
    throw new IllegalStateException("tls: no trust manager for X.509 (expected: one)");
  }
}
