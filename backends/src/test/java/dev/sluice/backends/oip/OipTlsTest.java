package dev.sluice.backends.oip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.InvalidSetting;
import dev.sluice.backends.RecordingSink;
import dev.sluice.backends.SelfSigned;
import io.grpc.TlsServerCredentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers behind TLS: who is believed, and that nobody else hears the prompt (faults F24). */
@Timeout(120)
final class OipTlsTest {

  @TempDir private Path folder;

  @Test
  void aServerWithACertificateOfTheFileIsAsked() throws Exception {
    try (OipServer server = server("ip:127.0.0.1", 30);
        Backend backend = backend(server, Map.of("tls", true, "ca_file", ca()))) {
      RecordingSink sink = RecordingSink.started(backend);
      sink.awaitCompletion();
      assertThat(sink.text()).isEqualTo("hi");
    }
  }

  @Test
  void aCertificateOfNobodyKnownIsRefusedBeforeAnythingIsSaid() throws Exception {
    try (OipServer server = server("ip:127.0.0.1", 30);
        Backend backend = backend(server, Map.of("tls", true))) {
      refused(backend, server);
    }
  }

  @Test
  void aCertificateForAnotherNameIsRefusedBeforeAnythingIsSaid() throws Exception {
    try (OipServer server = server("dns:other.example", 30);
        Backend backend = backend(server, Map.of("tls", true, "ca_file", ca()))) {
      refused(backend, server);
    }
  }

  @Test
  void anExpiredCertificateIsRefusedBeforeAnythingIsSaid() throws Exception {
    try (OipServer server = server("ip:127.0.0.1", -30);
        Backend backend = backend(server, Map.of("tls", true, "ca_file", ca()))) {
      refused(backend, server);
    }
  }

  @Test
  void aServerInClearTextIsNotAskedOverTls() throws Exception {
    try (OipServer server = new OipServer(Flavour.TRITON, OipServer.Call::end);
        Backend backend = backend(server, Map.of("tls", true))) {
      refused(backend, server);
    }
  }

  @Test
  void aFileThatIsNoneOfCertificatesIsNamed() throws Exception {
    String empty = Files.writeString(folder.resolve("empty.pem"), "nothing").toString();
    OipBackendFactory factory = new OipBackendFactory();
    assertThat(factory.check(spec(Map.of("target", "a:1", "tls", true, "ca_file", empty))))
        .containsExactly(new InvalidSetting("ca_file", empty, "a file with certificates in PEM"));
    assertThat(factory.check(spec(Map.of("target", "a:1", "ca_file", empty))))
        .containsExactly(new InvalidSetting("ca_file", empty, "not set without tls: true"));
  }

  private OipServer server(String name, int days) throws Exception {
    return new OipServer(
        Flavour.TRITON,
        call -> call.piece("hi").end(),
        TlsServerCredentials.newBuilder().keyManager(SelfSigned.make(folder, name, days)).build());
  }

  private String ca() {
    return folder.resolve("ca.pem").toString();
  }

  private static void refused(Backend backend, OipServer server) {
    assertThat(RecordingSink.started(backend).awaitFailure())
        .isInstanceOf(BackendFailure.NeverSent.class);
    assertThat(server.calls()).isEmpty();
  }

  private static Backend backend(OipServer server, Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put("target", server.target());
    return new OipBackendFactory().create(spec(settings));
  }

  private static BackendSpec spec(Map<String, Object> settings) {
    return new BackendSpec("b", "m", null, settings);
  }
}
