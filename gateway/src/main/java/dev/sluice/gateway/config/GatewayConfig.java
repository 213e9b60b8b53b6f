package dev.sluice.gateway.config;

import dev.sluice.backends.Ability;
import dev.sluice.backends.Continuation;
import dev.sluice.backends.profile.Profile;
import dev.sluice.gateway.core.request.Resumption;
import dev.sluice.gateway.core.request.Task;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything an operator says about a gateway, checked.
 *
 * @param listeners where it listens
 * @param models what can be asked for
 * @param serviceClasses named default budgets
 * @param fleet the backends
 * @param engines the engines behind them that the gateway starts itself
 * @param policy how one of them is chosen
 * @param limits what keeps the gateway safe
 */
public record GatewayConfig(
    Listeners listeners,
    List<Model> models,
    List<ServiceClass> serviceClasses,
    List<BackendEntry> fleet,
    List<Engine> engines,
    Policy policy,
    Limits limits) {

  public GatewayConfig {
    models = List.copyOf(models);
    serviceClasses = List.copyOf(serviceClasses);
    fleet = List.copyOf(fleet);
    engines = List.copyOf(engines);
  }

  /** A gateway that starts no engine. */
  public GatewayConfig(
      Listeners listeners,
      List<Model> models,
      List<ServiceClass> serviceClasses,
      List<BackendEntry> fleet,
      Policy policy,
      Limits limits) {
    this(listeners, models, serviceClasses, fleet, List.of(), policy, limits);
  }

  /**
   * Where the gateway listens.
   *
   * @param grpc the gRPC API
   * @param http the same over HTTP, as OpenAI's clients speak it
   * @param admin metrics, health and operators' calls; loopback unless secured
   */
  public record Listeners(Address grpc, Address http, Address admin) {}

  /** Host name or IP address, and port 0 … 65535; 0 takes a free one. */
  public record Address(String host, int port) {
    public Address {
      check(!host.isEmpty(), "host", host, "a name or an IP address");
      check(port >= 0 && port <= 65_535, "port", port, "0..65535");
    }

    @Override
    public String toString() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /**
   * A model that can be asked for.
   *
   * @param name its name in requests
   * @param aliases other names for it
   * @param contextTokens most tokens of prompt and answer together
   * @param maxOutputTokens most tokens of an answer when the request does not say
   * @param serviceClass class of requests that name none; null: none
   * @param budget default budget, for what neither the request nor its class says
   * @param task what it does
   */
  public record Model(
      String name,
      List<String> aliases,
      int contextTokens,
      int maxOutputTokens,
      @Nullable String serviceClass,
      Budget budget,
      Task task) {

    /** A model that generates. */
    public Model(
        String name,
        List<String> aliases,
        int contextTokens,
        int maxOutputTokens,
        @Nullable String serviceClass,
        Budget budget) {
      this(name, aliases, contextTokens, maxOutputTokens, serviceClass, budget, Task.GENERATE);
    }

    public Model {
      aliases = List.copyOf(aliases);
      check(contextTokens > 0, "contextTokens", contextTokens, "above 0");
      boolean fits = maxOutputTokens > 0 && maxOutputTokens <= contextTokens;
      check(fits, "maxOutputTokens", maxOutputTokens, "1.." + contextTokens);
    }
  }

  /** Lengths of time a caller can wait; null: no limit. Each above zero. */
  public record Budget(
      @Nullable Duration timeToFirstToken,
      @Nullable Duration timePerOutputToken,
      @Nullable Duration total) {
    /** No limit at all. */
    public static final Budget NONE = new Budget(null, null, null);

    public Budget {
      checkLength("timeToFirstToken", timeToFirstToken);
      checkLength("timePerOutputToken", timePerOutputToken);
      checkLength("total", total);
    }
  }

  /**
   * A named default budget.
   *
   * @param name its name in requests
   * @param budget what its requests can wait
   * @param value worth of a request that meets its budget, relative to other classes; above 0
   * @param criticality what is shed first
   * @param resumption which continuations will do for its answers that break off
   */
  public record ServiceClass(
      String name, Budget budget, double value, Criticality criticality, Resumption resumption) {

    /** A class whose answers go on exactly or not at all. */
    public ServiceClass(String name, Budget budget, double value, Criticality criticality) {
      this(name, budget, value, criticality, Resumption.EXACT);
    }

    public ServiceClass {
      check(value > 0 && value < Double.POSITIVE_INFINITY, "value", value, "a number above 0");
    }
  }

  /** What is shed first under overload: the last named. */
  public enum Criticality {
    /** Shed last. */
    CRITICAL_PLUS,
    /** The default. */
    CRITICAL,
    /** Can fail for a while. */
    SHEDDABLE_PLUS,
    /** Shed first. */
    SHEDDABLE
  }

  /**
   * One backend of the fleet.
   *
   * @param id its name, unique
   * @param kind name of the {@link dev.sluice.backends.BackendFactory}
   * @param model the model it serves
   * @param place where it stands and who made it
   * @param profile its figures, with the entry's own prices applied; null only for kinds that need
   *     none
   * @param settings values of the kind's own keys, typed as {@link dev.sluice.backends.BackendSpec}
   *     says
   * @param tenants who may use it; empty: everybody
   * @param skills what it can do beyond answering in words
   */
  public record BackendEntry(
      String id,
      String kind,
      String model,
      Place place,
      @Nullable Profile profile,
      Map<String, Object> settings,
      List<String> tenants,
      Skills skills) {
    public BackendEntry {
      // keeps the order of the file, which Map.copyOf does not
      settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
      tenants = List.copyOf(tenants);
    }

    /**
     * A backend for everybody that continues nothing, on its profile's hardware and with no way to
     * it worth counting.
     */
    public BackendEntry(
        String id,
        String kind,
        String model,
        @Nullable String region,
        @Nullable Profile profile,
        Map<String, Object> settings) {
      this(id, kind, model, Place.of(region, profile), profile, settings, List.of(), Skills.NONE);
    }
  }

  /**
   * What a backend can do beyond answering in words from the beginning.
   *
   * @param continuation what its continuation of an answer is worth that another began
   * @param abilities what else
   */
  public record Skills(Continuation continuation, Set<Ability> abilities) {

    /** Nothing beyond. */
    public static final Skills NONE = new Skills(Continuation.NONE, EnumSet.noneOf(Ability.class));

    public Skills {
      abilities = Collections.unmodifiableSet(abilities);
    }
  }

  /**
   * Where a backend stands and who made it.
   *
   * @param region the region; null: not said
   * @param vendor who makes the hardware; empty: not said
   * @param link time that the network adds to a first token, beyond the profile's own overhead
   */
  public record Place(@Nullable String region, String vendor, Duration link) {
    public Place {
      check(!link.isNegative(), "link", link, "at least zero");
    }

    private static Place of(@Nullable String region, @Nullable Profile profile) {
      return new Place(region, profile == null ? "" : profile.deployment().vendor(), Duration.ZERO);
    }
  }

  /**
   * An engine that the gateway starts itself and ends with itself.
   *
   * @param backend id of the backend that asks it
   * @param start how it is started
   */
  public record Engine(String backend, Start start) {}

  /**
   * How an engine is started. Paths are beside the file that says so.
   *
   * @param program a path, or without a slash a name to be looked for on the PATH
   * @param arguments what the program is told
   * @param files what must be there besides, such as its weights
   * @param log the file that what it says is appended to; null: it is dropped
   * @param install what a person types to install it; null: not said
   */
  public record Start(
      Cited program,
      List<String> arguments,
      List<Cited> files,
      @Nullable String log,
      @Nullable String install) {
    public Start {
      arguments = List.copyOf(arguments);
      files = List.copyOf(files);
    }
  }

  /**
   * A text and where it stands.
   *
   * @param place such as {@code sluice.yaml:7:14: fleet[0].start.command[0]}
   */
  public record Cited(String text, String place) {}

  /**
   * How a backend is chosen.
   *
   * @param name name of the routing policy
   * @param vendorShares greatest share of the work that each vendor's hardware may take; who is not
   *     named is not limited
   * @param powerCapWatts most that the fleet may draw by estimate; infinite: no limit
   */
  public record Policy(String name, Map<String, Double> vendorShares, double powerCapWatts) {
    public Policy {
      vendorShares = Collections.unmodifiableMap(new LinkedHashMap<>(vendorShares));
      vendorShares.forEach(
          (vendor, share) -> check(share > 0 && share <= 1, vendor, share, "above 0, at most 1"));
      check(powerCapWatts > 0, "powerCapWatts", powerCapWatts, "above 0");
    }

    /** A policy without caps. */
    public Policy(String name) {
      this(name, Map.of(), Double.POSITIVE_INFINITY);
    }
  }

  /**
   * What keeps the gateway safe.
   *
   * @param maxMessageBytes largest request
   * @param maxMetadataBytes largest metadata of a request
   * @param maxInFlight most requests at once
   * @param maxInFlightPerBackend most calls at once to one backend
   * @param maxTotal longest a request may take, whatever its budget
   * @param drain how long running streams may finish after SIGTERM
   * @param tenants what each tenant may use
   */
  public record Limits(
      int maxMessageBytes,
      int maxMetadataBytes,
      int maxInFlight,
      int maxInFlightPerBackend,
      Duration maxTotal,
      Duration drain,
      TenantLimits tenants) {

    /** Limits that tenants have none of, and one backend no narrower one than all. */
    public Limits(
        int maxMessageBytes,
        int maxMetadataBytes,
        int maxInFlight,
        Duration maxTotal,
        Duration drain) {
      this(
          maxMessageBytes,
          maxMetadataBytes,
          maxInFlight,
          maxInFlight,
          maxTotal,
          drain,
          TenantLimits.NONE);
    }

    public Limits {
      check(maxMessageBytes > 0, "maxMessageBytes", maxMessageBytes, "above 0");
      check(maxMetadataBytes > 0, "maxMetadataBytes", maxMetadataBytes, "above 0");
      check(maxInFlight > 0, "maxInFlight", maxInFlight, "above 0");
      check(maxInFlightPerBackend > 0, "maxInFlightPerBackend", maxInFlightPerBackend, "above 0");
      checkLength("maxTotal", maxTotal);
      checkLength("drain", drain);
    }
  }

  /**
   * What each tenant may use.
   *
   * @param maxStreams requests at once; 0: no limit
   * @param tokensPerMinute tokens of prompts and answers; 0: no limit
   */
  public record TenantLimits(int maxStreams, long tokensPerMinute) {
    /** No limits. */
    public static final TenantLimits NONE = new TenantLimits(0, 0);

    public TenantLimits {
      check(maxStreams >= 0, "maxStreams", maxStreams, "at least 0");
      check(tokensPerMinute >= 0, "tokensPerMinute", tokensPerMinute, "at least 0");
    }
  }

  private static void checkLength(String name, @Nullable Duration length) {
    check(length == null || length.isPositive(), name, String.valueOf(length), "above zero");
  }

  private static void check(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
