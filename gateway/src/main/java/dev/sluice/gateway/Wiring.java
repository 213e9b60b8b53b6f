package dev.sluice.gateway;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendFactory;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.InvalidSettingException;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.PromptLength;
import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Service;
import dev.sluice.gateway.call.Payload;
import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.gateway.core.fleet.AcceleratorKind;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.Economics;
import dev.sluice.gateway.core.fleet.Figures;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Catalogue;
import dev.sluice.gateway.core.request.Criticality;
import dev.sluice.gateway.core.request.Model;
import dev.sluice.gateway.core.request.ServiceClass;
import dev.sluice.gateway.core.selection.Caps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Turns the configuration into the nouns of the core and into backends. */
final class Wiring {

  private Wiring() {}

  static Catalogue catalogue(GatewayConfig config) {
    return new Catalogue(
        config.models().stream().map(Wiring::model).toList(),
        config.serviceClasses().stream().map(Wiring::serviceClass).toList());
  }

  private static Model model(GatewayConfig.Model model) {
    String serviceClass = model.serviceClass();
    return new Model(
        model.name(),
        model.aliases(),
        model.contextTokens(),
        model.maxOutputTokens(),
        serviceClass == null ? "" : serviceClass,
        budget(model.budget()));
  }

  private static ServiceClass serviceClass(GatewayConfig.ServiceClass serviceClass) {
    return new ServiceClass(
        serviceClass.name(),
        budget(serviceClass.budget()),
        serviceClass.value(),
        Criticality.valueOf(serviceClass.criticality().name()));
  }

  private static Budget budget(GatewayConfig.Budget budget) {
    return new Budget(
        nanos(budget.timeToFirstToken()),
        nanos(budget.timePerOutputToken()),
        nanos(budget.total()));
  }

  private static long nanos(@Nullable Duration duration) {
    return duration == null ? 0 : duration.toNanos();
  }

  static Caps caps(GatewayConfig.Policy policy) {
    return new Caps(policy.vendorShares(), policy.powerCapWatts());
  }

  static List<Deployment> deployments(GatewayConfig config) {
    List<Deployment> deployments = new ArrayList<>();
    for (GatewayConfig.BackendEntry entry : config.fleet()) {
      deployments.add(deployment(deployments.size(), entry, config));
    }
    return deployments;
  }

  private static Deployment deployment(
      int index, GatewayConfig.BackendEntry entry, GatewayConfig config) {
    Profile profile = entry.profile();
    if (profile == null) {
      throw new IllegalArgumentException(
          "profile of backend " + entry.id() + ": none (expected: one, to forecast by)");
    }
    int contextTokens =
        config.models().stream()
            .filter(model -> model.name().equals(entry.model()))
            .mapToInt(GatewayConfig.Model::contextTokens)
            .reduce(profile.contextTokens(), Math::min);
    GatewayConfig.Place place = entry.place();
    String region = place.region();
    return new Deployment(
        index,
        new Deployment.Identity(
            entry.id(),
            entry.model(),
            AcceleratorKind.valueOf(profile.deployment().kind().name()),
            region == null ? "" : region,
            profile.name(),
            place.vendor()),
        figures(profile, entry),
        economics(profile),
        contextTokens,
        entry.tenants());
  }

  private static Figures figures(Profile profile, GatewayConfig.BackendEntry entry) {
    double overheadNanos = profile.overheadNanos() + entry.place().link().toNanos();
    return switch (profile.service()) {
      case Service.Batch batch ->
          new Figures.Batch(
              batch.stepNanos(),
              batch.perSequenceNanos(),
              batch.perKvTokenNanos(),
              batch.perPromptTokenNanos(),
              new Figures.Floor(
                  batch.hostFloor().baseNanos(), batch.hostFloor().perSequenceNanos()),
              new Figures.Limits(
                  batch.limits().chunkTokens(),
                  batch.limits().maxSequences(),
                  batch.limits().kvTokens(),
                  batch.limits().prefixCache() ? batch.limits().kvTokens() : 0),
              overheadNanos);
      case Service.Slots slots ->
          new Figures.Slots(
              slots.tokenNanos(),
              entry.settings().get("slots") instanceof Long own
                  ? Math.toIntExact(own)
                  : slots.slots(),
              slots.perPromptTokenNanos(),
              slots.fillNanos(),
              overheadNanos);
    };
  }

  private static Economics economics(Profile profile) {
    Profile.Price price = profile.price();
    Profile.Energy energy = profile.energy();
    return new Economics(
        price.perHourUsd(),
        price.perMillionInputUsd() / 1e6,
        price.perMillionOutputUsd() / 1e6,
        new Economics.Energy(
            energy.perStepJoules(),
            energy.perTokenJoules(),
            energy.perPromptTokenJoules(),
            energy.idleWatts()));
  }

  /**
   * Makes the backends of {@code config}, in the order of its fleet.
   *
   * @throws IllegalArgumentException if a setting has a value that its kind can not use; names the
   *     backend
   */
  static List<Backend> backends(GatewayConfig config) {
    List<BackendFactory> factories =
        ServiceLoader.load(BackendFactory.class).stream().map(ServiceLoader.Provider::get).toList();
    List<Backend> backends = new ArrayList<>();
    for (GatewayConfig.BackendEntry entry : config.fleet()) {
      BackendFactory factory =
          factories.stream().filter(f -> f.kind().equals(entry.kind())).findFirst().orElseThrow();
      try {
        backends.add(
            factory.create(
                new BackendSpec(entry.id(), entry.model(), entry.profile(), entry.settings())));
      } catch (InvalidSettingException e) {
        backends.forEach(Backend::close);
        throw new IllegalArgumentException(
            "backend " + entry.id() + ": settings." + e.getMessage(), e);
      }
    }
    return backends;
  }

  /** Tokens of a prompt: exact for ids, an estimate for text. */
  static int promptTokens(Payload.Prompt prompt) {
    return switch (prompt) {
      case Payload.Text(String text) -> PromptLength.ofText(text);
      case Payload.TokenIds(int[] ids) -> PromptLength.tokens(new Prompt.TokenIds(ids));
      case Payload.Chat(List<String> rolesAndContents) -> {
        int tokens = 0;
        for (int i = 1; i < rolesAndContents.size(); i += 2) {
          tokens += PromptLength.ofMessage(rolesAndContents.get(i));
        }
        yield tokens;
      }
    };
  }
}
