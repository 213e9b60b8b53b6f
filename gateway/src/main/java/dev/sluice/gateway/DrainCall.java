package dev.sluice.gateway;

import dev.sluice.gateway.admin.AdminServer;
import dev.sluice.gateway.admin.FleetView;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;

/** Asks a running gateway to drain or undrain a backend. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DrainCall {

  @Parameters(
      index = "0",
      paramLabel = "BACKEND",
      description = "Name of the backend, as sluice fleet shows it.")
  private String backend;

  @Mixin private AdminCall admin;

  /** What the gateway says of the backend then; null, with the reason told, when it could not. */
  FleetView.@Nullable Row send(String verb, CommandSpec spec) throws InterruptedException {
    String query = "backend=" + URLEncoder.encode(backend, StandardCharsets.UTF_8);
    HttpResponse<String> response =
        admin.send(
            admin
                .to("/" + verb + "?" + query)
                .header(AdminServer.CHANGE_HEADER, "1")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            spec);
    if (response == null) {
      return null;
    }
    if (response.statusCode() != 200) {
      spec.commandLine().getErr().printf("backend: '%s': %s%n", backend, response.body().strip());
      return null;
    }
    return FleetView.fromJson(response.body()).backends().stream()
        .filter(row -> row.id().equals(backend))
        .findFirst()
        .orElse(null);
  }
}
