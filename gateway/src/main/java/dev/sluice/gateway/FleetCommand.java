package dev.sluice.gateway;

import dev.sluice.backends.profile.TextTable;
import dev.sluice.gateway.admin.FleetView;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the backends of a running gateway. */
@Command(
    name = "fleet",
    description = "Shows the backends of a running gateway with load and health.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class FleetCommand implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Spec private CommandSpec spec;

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8982",
      converter = Target.Converter.class,
      description = "Admin address of the gateway (default: ${DEFAULT-VALUE}).")
  private Target admin;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://" + admin + "/fleet"))
              .timeout(PATIENCE)
              .build();
      String json = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
      print(FleetView.fromJson(json), out);
      return 0;
    } catch (IOException e) {
      spec.commandLine().getErr().printf("no gateway answers at %s (see sluice serve)%n", admin);
      return 1;
    }
  }

  private static void print(FleetView fleet, PrintWriter out) {
    TextTable table =
        new TextTable(
            Set.of(5, 6, 7, 8),
            "BACKEND",
            "MODEL",
            "KIND",
            "REGION",
            "HEALTH",
            "PREFILL",
            "DECODE",
            "PROMPT TOKENS",
            "SERVED",
            "PROFILE");
    for (FleetView.Row row : fleet.backends()) {
      table.row(
          row.id(),
          row.model(),
          row.accelerator(),
          row.region().isEmpty() ? "-" : row.region(),
          row.health(),
          Integer.toString(row.work().prefilling()),
          Integer.toString(row.work().decoding()),
          Long.toString(row.work().promptTokens()),
          Long.toString(row.work().dispatched()),
          row.profile());
    }
    table.print(out);
    out.flush();
  }
}
