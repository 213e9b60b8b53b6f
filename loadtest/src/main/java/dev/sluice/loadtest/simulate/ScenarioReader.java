package dev.sluice.loadtest.simulate;

import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Profiles;
import dev.sluice.gateway.config.ConfigLoader;
import dev.sluice.gateway.config.ConfigProblem;
import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.policy.Policies;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Constraints;
import dev.sluice.loadtest.workload.ArrivalProcess;
import dev.sluice.loadtest.workload.LengthDistribution;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads a scenario's file, and the gateway's configuration that stands beside it. */
final class ScenarioReader {

  private static final double NANOS_PER_SECOND = 1e9;

  private final String name;
  private final Beside beside;

  /** Gives the text of a file by its name. */
  @FunctionalInterface
  interface Beside {
    String text(String file) throws IOException;
  }

  /** A reader of the scenario called {@code name}, whose other files {@code beside} gives. */
  ScenarioReader(String name, Beside beside) {
    this.name = name;
    this.beside = beside;
  }

  Scenario read(String text) throws IOException {
    Keys keys = Keys.of("", parse(text));
    Scenario.Heading heading =
        new Scenario.Heading(name, keys.text("title"), keys.text("about").strip());
    SimulatedFleet fleet = SimulatedFleet.of(config(keys));
    double seconds = keys.nanos("duration") / NANOS_PER_SECOND;
    List<Traffic> traffic = new ArrayList<>();
    for (Keys each : keys.parts("traffic")) {
      traffic.add(traffic(each, fleet));
    }
    List<Fault> faults = new ArrayList<>();
    for (Keys each : keys.parts("events")) {
      faults.addAll(faults(each, fleet, seconds));
    }
    Keys surge = keys.part("surge");
    Keys sweep = keys.part("energy_sweep");
    Scenario scenario =
        new Scenario(
            heading,
            new Experiment.Setting(fleet, Disclosure.DEFAULT, faults),
            new SyntheticWorkload(
                name,
                Checksum.of(text.getBytes(StandardCharsets.UTF_8)),
                seconds,
                traffic,
                surge == null ? Surge.NONE : surge(surge)),
            plan(keys),
            sweep == null ? null : sweep(sweep));
    keys.done();
    return scenario;
  }

  private Object parse(String text) {
    try {
      Object read = new Load(LoadSettings.builder().setLabel(name).build()).loadFromString(text);
      return read == null ? "nothing" : read;
    } catch (YamlEngineException e) {
      throw new IllegalArgumentException("not YAML: " + e.getMessage(), e);
    }
  }

  private GatewayConfig config(Keys keys) throws IOException {
    if (!keys.has("config")) {
      return loaded(ConfigLoader.shipped());
    }
    String file = keys.text("config");
    return loaded(ConfigLoader.read(file, beside.text(file)));
  }

  private static GatewayConfig loaded(ConfigLoader.Result result) {
    return switch (result) {
      case ConfigLoader.Loaded(GatewayConfig config) -> config;
      case ConfigLoader.Faulty(List<ConfigProblem> problems) ->
          throw new IllegalArgumentException(
              String.join("\n", problems.stream().map(ConfigProblem::toString).toList()));
    };
  }

  private static Scenario.Plan plan(Keys keys) {
    List<String> policies = keys.texts("policies", Policies.names());
    for (String policy : policies) {
      if (!Policies.names().contains(policy)) {
        throw new IllegalArgumentException(
            "policy: "
                + policy
                + " does not exist"
                + ConfigLoader.suggestion(policy, Policies.names()));
      }
    }
    return new Scenario.Plan(
        policies,
        keys.positives("loads", List.of(1.0)),
        (long) keys.positive("seed", 1),
        tellsGoodput(keys));
  }

  private static boolean tellsGoodput(Keys keys) {
    List<String> told = keys.texts("tell", List.of());
    if (!told.isEmpty() && !told.equals(List.of("goodput"))) {
      throw keys.complaint("tell", "[goodput]");
    }
    return !told.isEmpty();
  }

  private static Traffic traffic(Keys keys, SimulatedFleet fleet) {
    Demand demand =
        new Demand(
            keys.text("model", fleet.catalogue().models().getFirst().name()),
            keys.text("class"),
            Budget.NONE,
            new Constraints(
                keys.texts("regions", List.of()),
                Double.POSITIVE_INFINITY,
                keys.text("tenant", "")));
    if (fleet.catalogue().model(demand.model()) == null) {
      throw keys.complaint("model", "a model of the configuration");
    }
    if (fleet.catalogue().serviceClass(demand.serviceClass()) == null) {
      throw keys.complaint("class", "one of " + fleet.catalogue().classNames());
    }
    Traffic traffic =
        new Traffic(
            demand,
            keys.positive("rate"),
            ArrivalProcess.parse(keys.text("arrival", "poisson")),
            lengths(keys, "prompt", LengthDistribution.AZURE_2023_CONVERSATION_INPUT),
            lengths(keys, "output", LengthDistribution.AZURE_2023_CONVERSATION_OUTPUT));
    keys.done();
    return traffic;
  }

  /** One length, or least, p50, p90, p99 and greatest, or those of a published conversation. */
  private static LengthDistribution lengths(
      Keys keys, String key, LengthDistribution conversation) {
    Object value = keys.find(key);
    if ("conversation".equals(value)) {
      return conversation;
    }
    if (value instanceof Integer) {
      int tokens = keys.count(key);
      return new LengthDistribution(tokens, tokens, tokens, tokens, tokens);
    }
    if (value instanceof List<?> list && list.size() == 5) {
      List<Integer> of = keys.counts(key);
      return new LengthDistribution(of.get(0), of.get(1), of.get(2), of.get(3), of.get(4));
    }
    throw keys.complaint(key, "tokens, [least, p50, p90, p99, greatest], or conversation");
  }

  private static List<Fault> faults(Keys keys, SimulatedFleet fleet, double seconds) {
    long atNanos = instant(keys, seconds);
    boolean vanish = keys.has("vanish");
    String whom = keys.text(vanish ? "vanish" : "return");
    List<Fault> faults = new ArrayList<>();
    for (Deployment deployment : fleet.deployments()) {
      if (isMeant(whom, deployment)) {
        faults.add(
            vanish
                ? new Fault.Vanish(atNanos, deployment.index())
                : new Fault.ComeBack(atNanos, deployment.index()));
      }
    }
    if (faults.isEmpty()) {
      throw keys.complaint(
          vanish ? "vanish" : "return", "a kind, a profile, a region or a backend of the fleet");
    }
    keys.done();
    return faults;
  }

  private static boolean isMeant(String whom, Deployment deployment) {
    Deployment.Identity identity = deployment.identity();
    return whom.equals(identity.backend())
        || whom.equals(identity.kind().name())
        || whom.equals(identity.profile())
        || whom.equals(identity.region());
  }

  /** A length of time since the start, or a share of the duration as {@code 50%}. */
  private static long instant(Keys keys, double seconds) {
    String text = keys.text("at");
    if (!text.endsWith("%")) {
      return keys.nanos("at");
    }
    try {
      double share = Double.parseDouble(text.substring(0, text.length() - 1)) / 100;
      if (share > 0 && share < 1) {
        return (long) (share * seconds * NANOS_PER_SECOND);
      }
    } catch (NumberFormatException _) {
      // falls through to the same complaint as a share out of range
    }
    throw keys.complaint("at", "a length of time, or a share of the duration such as 50%");
  }

  private static Surge surge(Keys keys) {
    Surge surge = new Surge(keys.nanos("from"), keys.nanos("until"), keys.positive("factor"));
    keys.done();
    return surge;
  }

  private static EnergySweep sweep(Keys keys) {
    @Nullable Profile profile = Profiles.find(keys.text("profile")).orElse(null);
    if (profile == null) {
      throw keys.complaint(
          "profile", "a profile, such as " + Profiles.nearest(keys.text("profile")));
    }
    EnergySweep sweep =
        new EnergySweep(profile, keys.counts("batches"), keys.positive("rival_joules_per_token"));
    keys.done();
    return sweep;
  }
}
