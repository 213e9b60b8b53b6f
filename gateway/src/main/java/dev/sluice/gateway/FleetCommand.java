package dev.sluice.gateway;

import dev.sluice.backends.profile.TextTable;
import dev.sluice.gateway.admin.FleetView;
import java.io.PrintWriter;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows the backends of a running gateway. */
@Command(
    name = "fleet",
    description = "Shows the backends of a running gateway with load and health.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class FleetCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private AdminCall admin;

  @Override
  public Integer call() throws InterruptedException {
    HttpResponse<String> response = admin.send(admin.to("/fleet").build(), spec);
    if (response == null) {
      return 1;
    }
    print(FleetView.fromJson(response.body()), spec.commandLine().getOut());
    return 0;
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
