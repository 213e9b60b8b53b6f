package dev.sluice.gateway;

import dev.sluice.gateway.admin.AdminServer;
import dev.sluice.gateway.admin.FleetView;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks a running gateway to drain or undrain a backend. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DrainCall {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Parameters(
      index = "0",
      paramLabel = "BACKEND",
      description = "Name of the backend, as sluice fleet shows it.")
  private String backend;

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8982",
      converter = Target.Converter.class,
      description = "Admin address of the gateway (default: ${DEFAULT-VALUE}).")
  private Target admin;

  /** What the gateway says of the backend then; null, with the reason told, when it could not. */
  FleetView.@Nullable Row send(String verb, CommandSpec spec) throws InterruptedException {
    String query = "backend=" + URLEncoder.encode(backend, StandardCharsets.UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + admin + "/" + verb + "?" + query))
            .timeout(PATIENCE)
            .header(AdminServer.CHANGE_HEADER, "1")
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        spec.commandLine().getErr().printf("backend: '%s': %s%n", backend, response.body().strip());
        return null;
      }
      return FleetView.fromJson(response.body()).backends().stream()
          .filter(row -> row.id().equals(backend))
          .findFirst()
          .orElse(null);
    } catch (IOException e) {
      spec.commandLine().getErr().printf("no gateway answers at %s (see sluice serve)%n", admin);
      return null;
    }
  }
}
