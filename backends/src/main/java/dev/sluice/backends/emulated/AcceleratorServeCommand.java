package dev.sluice.backends.emulated;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendFactory;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.InvalidSettingException;
import dev.sluice.backends.emulated.fault.Conduct;
import dev.sluice.backends.emulated.fault.MisbehaviourText;
import dev.sluice.backends.emulated.server.AcceleratorServer;
import dev.sluice.backends.emulated.server.LedgerFile;
import dev.sluice.backends.emulated.server.Rehearsal;
import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.ProfileFile;
import dev.sluice.backends.profile.Profiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Serves one emulated accelerator until it is told to end. */
@Command(
    name = "serve",
    description = "Serves one emulated accelerator over sluice.v1 until it is told to end.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class AcceleratorServeCommand implements Callable<Integer> {

  private static final Logger logger = LoggerFactory.getLogger(AcceleratorServeCommand.class);

  private static final String KIND = "emulated";
  private static final int MOST_PORT = 65_535;

  /** Longer than most answers take; an emulated answer that is cut off harms nobody. */
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(30);

  @Option(
      names = "--profile",
      required = true,
      paramLabel = "NAME",
      description = "The accelerator and model to emulate, as 'profiles' lists it.")
  private String profileName;

  @Option(
      names = "--port",
      required = true,
      paramLabel = "N",
      description = "Port to listen on; 0 takes a free one.")
  private int port;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description = "Address to listen on; default: ${DEFAULT-VALUE}.")
  private String host;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "Name of the model in requests; default: the profile's.")
  private @Nullable String model;

  @Option(
      names = "--slots",
      paramLabel = "N",
      description = "Sequences served at once; default: the profile's.")
  private @Nullable Long slots;

  @Option(
      names = "--speed",
      paramLabel = "X",
      description = "How many times faster than the real thing; default: 1.")
  private @Nullable Double speed;

  @Option(
      names = "--noise",
      paramLabel = "S",
      description = "Standard deviation of step times, as a share of their mean; default: 0.")
  private @Nullable Double noise;

  @Option(
      names = "--misbehave",
      paramLabel = "WAY[,WAY…]",
      description = "Fails its callers: " + MisbehaviourText.GRAMMAR + ".")
  private String misbehave = "";

  @Option(
      names = "--misbehave-share",
      paramLabel = "X",
      description = "Share of the requests that it happens to, by their id; default: 1.")
  private double misbehaveShare = 1;

  @Option(
      names = "--misbehave-seed",
      paramLabel = "N",
      description = "Seed of the choice of that share; default: the port.")
  private @Nullable Long misbehaveSeed;

  @Option(
      names = "--ledger",
      paramLabel = "FILE",
      description = "Appends every event of a generation, so that the books outlive the process.")
  private @Nullable Path ledger;

  @Option(
      names = "--rehearse",
      hidden = true,
      description = "Serves a few calls to itself and exits; trains the start-up cache.")
  private boolean rehearse;

  @Override
  public Integer call() throws InterruptedException {
    Optional<AcceleratorServer> made = make();
    if (made.isEmpty()) {
      return ExitCode.SOFTWARE;
    }
    AcceleratorServer server = made.get();
    try {
      server.start();
    } catch (IOException e) {
      logger.error("cannot listen on {}:{}: {}", host, port, rootMessage(e));
      server.close();
      return ExitCode.SOFTWARE;
    }
    logger.info("ready on {}:{}", host, server.port());
    if (rehearse) {
      Rehearsal.run(host, server.port());
      server.close();
      return ExitCode.OK;
    }
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> drain(server)));
    server.awaitEnd();
    return ExitCode.OK;
  }

  private Optional<AcceleratorServer> make() {
    Optional<Profile> profile;
    try {
      profile =
          profileName.endsWith(ProfileFile.SUFFIX)
              ? Optional.of(ProfileFile.read(Path.of(profileName)))
              : Profiles.find(profileName);
    } catch (IllegalArgumentException e) {
      logger.error("--profile: {}", e.getMessage());
      return Optional.empty();
    }
    if (profile.isEmpty()) {
      logger.error(
          "--profile: {} (expected: one that 'profiles' lists, or a file NAME.yaml)", profileName);
      return Optional.empty();
    }
    if (port < 0 || port > MOST_PORT) {
      logger.error("--port: {} (expected: 0 to {})", port, MOST_PORT);
      return Optional.empty();
    }
    InetSocketAddress address = new InetSocketAddress(host, rehearse ? 0 : port);
    if (address.isUnresolved()) {
      logger.error("--host: {} (expected: an address of this machine)", host);
      return Optional.empty();
    }
    try {
      return Optional.of(server(profile.get(), address, faults()));
    } catch (InvalidSettingException e) {
      e.settings().forEach(setting -> logger.error("--{}", setting));
    } catch (IllegalArgumentException e) {
      logger.error("--misbehave: {}", e.getMessage());
    } catch (IOException e) {
      logger.error("--ledger: {} (expected: a file that can be written)", ledger, e);
    }
    return Optional.empty();
  }

  private AcceleratorServer.Faults faults() throws IOException {
    Conduct conduct =
        new Conduct(
            MisbehaviourText.parse(misbehave),
            misbehaveShare,
            misbehaveSeed == null ? port : misbehaveSeed);
    return new AcceleratorServer.Faults(
        conduct,
        ledger == null ? null : LedgerFile.open(ledger),
        generation -> {
          EmulatedText text =
              EmulatedText.of(
                  generation.model(), generation.prompt(), generation.sampling().seed());
          return index -> text.token(index).length();
        });
  }

  private AcceleratorServer server(
      Profile profile, InetSocketAddress address, AcceleratorServer.Faults faults) {
    String served = model == null ? profile.deployment().model() : model;
    Map<String, Object> settings = new TreeMap<>();
    putUnlessNull(settings, "slots", slots);
    putUnlessNull(settings, "speed", speed);
    putUnlessNull(settings, "noise", noise);
    BackendSpec spec = new BackendSpec(profile.name(), served, profile, settings);
    Backend backend = factory().create(spec);
    return new AcceleratorServer(
        address,
        new AcceleratorServer.Served(
            served,
            profile.name(),
            profile.deployment().kind(),
            profile.contextTokens(),
            factory().tasks(spec)),
        backend,
        System::nanoTime,
        faults);
  }

  private static void putUnlessNull(
      Map<String, Object> settings, String name, @Nullable Object value) {
    if (value != null) {
      settings.put(name, value);
    }
  }

  private static BackendFactory factory() {
    for (BackendFactory factory : ServiceLoader.load(BackendFactory.class)) {
      if (factory.kind().equals(KIND)) {
        return factory;
      }
    }
    throw new IllegalStateException("no backend of kind '" + KIND + "' on the class path");
  }

  private static void drain(AcceleratorServer server) {
    logger.info("draining");
    try {
      boolean drained = server.drain(DRAIN_LIMIT);
      logger.info(drained ? "drained" : "ended with answers still running");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      server.close();
    }
  }

  /** The innermost message is the one that names the cause: "Address already in use". */
  private static String rootMessage(Throwable thrown) {
    Throwable root = thrown;
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      root = cause;
    }
    return String.valueOf(root.getMessage());
  }
}
