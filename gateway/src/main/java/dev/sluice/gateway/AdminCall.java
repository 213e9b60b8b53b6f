package dev.sluice.gateway;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Asks the admin listener of a running gateway. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class AdminCall {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8982",
      converter = Target.Converter.class,
      description = "Admin address of the gateway (default: ${DEFAULT-VALUE}).")
  private Target admin;

  /** A request for {@code path}, yet without a method. */
  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://" + admin + path)).timeout(PATIENCE);
  }

  /** The answer to {@code request}; null, with the reason told, when no gateway answers. */
  @Nullable HttpResponse<String> send(HttpRequest request, CommandSpec spec)
      throws InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      spec.commandLine().getErr().printf("no gateway answers at %s (see sluice serve)%n", admin);
      return null;
    }
  }
}
