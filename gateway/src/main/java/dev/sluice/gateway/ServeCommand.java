package dev.sluice.gateway;

import dev.sluice.backends.Backend;
import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.gateway.engine.Engines;
import dev.sluice.gateway.engine.Installation;
import dev.sluice.gateway.time.NanoClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the gateway until it is told to end. */
@Command(
    name = "serve",
    description =
        "Runs the gateway; without --config with the shipped fleet of emulated accelerators.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ServeCommand implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  @Spec private CommandSpec spec;

  @Option(names = "--config", paramLabel = "FILE", description = "The configuration file.")
  private @Nullable Path file;

  @Option(
      names = "--rehearse",
      hidden = true,
      description = "Serves a few calls to itself and exits; trains the start-up cache.")
  private boolean rehearse;

  @Override
  public Integer call() throws IOException, InterruptedException {
    GatewayConfig config = ConfigFile.load(file, spec.commandLine().getErr());
    if (config == null) {
      return 1;
    }
    if (rehearse) {
      Rehearsal.run(config);
      return 0;
    }
    Engines engines =
        new Engines(
            config.engines(),
            Installation.Places.beside(ConfigFile.folder(file)),
            NanoClock.system());
    return serve(config, Wiring.backends(config), engines);
  }

  private static int serve(GatewayConfig config, List<Backend> backends, Engines engines)
      throws InterruptedException {
    Gateway gateway;
    try {
      gateway = new Gateway(config, backends, NanoClock.system());
      gateway.start();
    } catch (IOException e) {
      LOG.error("cannot listen on {}", e.getMessage());
      return 1;
    }
    LOG.info("ready: {}", gateway);
    CountDownLatch ended = new CountDownLatch(1);
    Runnable end =
        () -> {
          boolean _ = gateway.drain();
          gateway.close();
          engines.close();
          ended.countDown();
        };
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("sluice-shutdown").unstarted(end));
    // not before: a gateway that cannot listen starts nothing, and one that ends leaves nothing
    engines.start();
    ended.await();
    return 0;
  }
}
