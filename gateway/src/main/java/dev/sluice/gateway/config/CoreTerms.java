package dev.sluice.gateway.config;

import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Service;
import dev.sluice.gateway.core.admission.TenantBooks;
import dev.sluice.gateway.core.fleet.AcceleratorKind;
import dev.sluice.gateway.core.fleet.Continuation;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.Economics;
import dev.sluice.gateway.core.fleet.Figures;
import dev.sluice.gateway.core.fleet.Skills;
import dev.sluice.gateway.core.request.Ability;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Catalogue;
import dev.sluice.gateway.core.request.Criticality;
import dev.sluice.gateway.core.request.Model;
import dev.sluice.gateway.core.request.ServiceClass;
import dev.sluice.gateway.core.selection.Caps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The configuration in the terms of the core: what can be asked for, and who could serve it. */
public final class CoreTerms {

  private CoreTerms() {}

  /** What can be asked for. */
  public static Catalogue catalogue(GatewayConfig config) {
    return new Catalogue(
        config.models().stream().map(CoreTerms::model).toList(),
        config.serviceClasses().stream().map(CoreTerms::serviceClass).toList());
  }

  private static Model model(GatewayConfig.Model model) {
    String serviceClass = model.serviceClass();
    return new Model(
        model.name(),
        model.aliases(),
        model.contextTokens(),
        model.maxOutputTokens(),
        serviceClass == null ? "" : serviceClass,
        budget(model.budget()),
        model.task());
  }

  private static ServiceClass serviceClass(GatewayConfig.ServiceClass serviceClass) {
    return new ServiceClass(
        serviceClass.name(),
        budget(serviceClass.budget()),
        serviceClass.value(),
        Criticality.valueOf(serviceClass.criticality().name()),
        serviceClass.resumption());
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

  /** What the fleet as a whole must keep to. */
  public static Caps caps(GatewayConfig.Policy policy) {
    return new Caps(policy.vendorShares(), policy.powerCapWatts());
  }

  /** What holds for each tenant. */
  public static TenantBooks.Terms tenants(GatewayConfig.Limits limits) {
    return new TenantBooks.Terms(limits.tenants().maxStreams(), limits.tenants().tokensPerMinute());
  }

  /**
   * The backends of the fleet, in its order.
   *
   * @throws IllegalArgumentException if one has no profile to forecast by; names it
   */
  public static List<Deployment> deployments(GatewayConfig config) {
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
        entry.tenants(),
        skills(entry.skills()));
  }

  private static Skills skills(GatewayConfig.Skills skills) {
    Set<Ability> abilities = EnumSet.noneOf(Ability.class);
    skills.abilities().forEach(ability -> abilities.add(Ability.valueOf(ability.name())));
    return new Skills(Continuation.valueOf(skills.continuation().name()), abilities);
  }

  private static Figures figures(Profile profile, GatewayConfig.BackendEntry entry) {
    Profile own =
        entry.settings().get("slots") instanceof Long slots
            ? profile.withSlots(Math.toIntExact(slots))
            : profile;
    return figures(own, own.overheadNanos() + entry.place().link().toNanos());
  }

  /** What {@code profile} tells of a backend's speed, reached over no network. */
  public static Figures figures(Profile profile) {
    return figures(profile, profile.overheadNanos());
  }

  private static Figures figures(Profile profile, double overheadNanos) {
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
              slots.slots(),
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
}
