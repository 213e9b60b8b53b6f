package dev.sluice.backends.grpc;

import dev.sluice.backends.tls.Authorities;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.nio.file.Path;
import javax.net.ssl.TrustManager;

/** How a connection is kept from listeners: not at all, or by TLS, and then whose word is taken. */
public final class Encryption {

  private final ChannelCredentials credentials;

  private Encryption(ChannelCredentials credentials) {
    this.credentials = credentials;
  }

  /** Clear text. */
  public static Encryption none() {
    return new Encryption(InsecureChannelCredentials.create());
  }

  /** TLS with servers for whom an authority of the Java runtime vouches. */
  public static Encryption tls() {
    return tls(Authorities.ofRuntime());
  }

  /**
   * TLS with servers for whom an owner of the certificates in {@code file} vouches, and no others.
   *
   * @throws IOException if there are none in PEM
   */
  public static Encryption tls(Path file) throws IOException {
    return tls(Authorities.of(file));
  }

  private static Encryption tls(TrustManager authorities) {
    return new Encryption(TlsChannelCredentials.newBuilder().trustManager(authorities).build());
  }

  ChannelCredentials credentials() {
    return credentials;
  }

  @Override
  public String toString() {
    return "Encryption[" + credentials.getClass().getSimpleName() + "]";
  }
}
