package dev.sluice.gateway;

import dev.sluice.gateway.admin.FleetView;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Takes a drained backend of a running gateway back into service. */
@Command(
    name = "undrain",
    description = "Gives a drained backend work again.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class UndrainCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private DrainCall call;

  @Override
  public Integer call() throws InterruptedException {
    FleetView.Row row = call.send("undrain", spec);
    if (row == null) {
      return 1;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s: %s%n", row.id(), row.health());
    out.flush();
    return 0;
  }
}
