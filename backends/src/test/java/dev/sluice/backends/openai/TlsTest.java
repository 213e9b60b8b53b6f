package dev.sluice.backends.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.Completion;
import dev.sluice.backends.InvalidSettingException;
import dev.sluice.backends.RecordingSink;
import dev.sluice.backends.SelfSigned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Engines behind TLS: who is believed, and that nobody else hears the prompt (faults F24). */
@Timeout(120)
final class TlsTest {

  @TempDir private Path folder;

  @Test
  void anEngineWithACertificateOfTheFileIsAsked() throws Exception {
    try (Upstream upstream = upstream("ip:127.0.0.1", 30);
        Backend backend = backend(upstream, folder.resolve("ca.pem"))) {
      for (int i = 0; i < 3; i++) {
        assertThat(RecordingSink.started(backend).awaitCompletion().reason())
            .isEqualTo(Completion.Reason.STOP);
      }
    }
  }

  @Test
  void aCertificateOfNobodyKnownIsRefusedBeforeAnythingIsSaid() throws Exception {
    try (Upstream upstream = upstream("ip:127.0.0.1", 30);
        Backend backend = backend(upstream, null)) {
      refused(backend, upstream);
    }
  }

  @Test
  void aCertificateForAnotherNameIsRefusedBeforeAnythingIsSaid() throws Exception {
    try (Upstream upstream = upstream("dns:other.example", 30);
        Backend backend = backend(upstream, folder.resolve("ca.pem"))) {
      refused(backend, upstream);
    }
  }

  @Test
  void anExpiredCertificateIsRefusedBeforeAnythingIsSaid() throws Exception {
    try (Upstream upstream = upstream("ip:127.0.0.1", -30);
        Backend backend = backend(upstream, folder.resolve("ca.pem"))) {
      refused(backend, upstream);
    }
  }

  @Test
  void aFileWithoutCertificatesIsNamed() throws IOException {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing");
    Assertions.assertThatThrownBy(
            () ->
                new OpenAiBackendFactory()
                    .create(
                        new BackendSpec(
                            "b",
                            "m",
                            null,
                            Map.of("base_url", "https://a/v1", "ca_file", empty.toString()))))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("ca_file");
  }

  private static void refused(Backend backend, Upstream upstream) {
    BackendFailure failure = RecordingSink.started(backend).awaitFailure();
    assertThat(failure).isInstanceOf(BackendFailure.NeverSent.class);
    assertThat(failure.detail()).contains("tls");
    assertThat(upstream.requests).hasValue(0);
  }

  private static Backend backend(Upstream upstream, @org.jspecify.annotations.Nullable Path ca) {
    String url = upstream.url().replace("http:", "https:");
    return new OpenAiBackendFactory()
        .create(
            new BackendSpec(
                "b",
                "m",
                null,
                ca == null
                    ? Map.of("base_url", url)
                    : Map.of("base_url", url, "ca_file", ca.toString())));
  }

  /** A server with a certificate of its own signing, which is also written to {@code ca.pem}. */
  private Upstream upstream(String name, int days) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(SelfSigned.make(folder, name, days), null, null);
    return new Upstream(
        0,
        context.getServerSocketFactory(),
        call -> call.stream().token("hi").reason("stop").usage(1, 1).done());
  }
}
