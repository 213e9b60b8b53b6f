package dev.sluice.gateway;

import dev.sluice.gateway.admin.FleetView;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes a backend of a running gateway out of service. */
@Command(
    name = "drain",
    description = "Gives a backend no new work; what it runs it may finish.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DrainCommand implements Callable<Integer> {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  @Spec private CommandSpec spec;
  @Mixin private DrainCall call;

  @Option(names = "--wait", description = "Wait until nothing runs there any more.")
  private boolean wait;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    FleetView.Row row = call.send("drain", spec);
    while (row != null && wait && underWay(row) > 0) {
      Thread.sleep(LOOK_AGAIN);
      row = call.send("drain", spec);
    }
    if (row == null) {
      return 1;
    }
    out.printf("%s: draining, %d requests under way%n", row.id(), underWay(row));
    out.flush();
    return 0;
  }

  private static int underWay(FleetView.Row row) {
    return row.work().prefilling() + row.work().decoding();
  }
}
