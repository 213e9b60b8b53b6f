package dev.sluice.gateway.config;

import dev.sluice.backends.profile.Profile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Resolves what one part of the file says of another: names that must exist, or must not exist
 * twice.
 */
final class References {

  private final FileShape.Draft draft;
  private final Catalogue profiles;
  private final Reading reading;

  References(FileShape.Draft draft, Catalogue profiles, Reading reading) {
    this.draft = draft;
    this.profiles = profiles;
    this.reading = reading;
  }

  /** Profiles by name, and the name nearest to one that does not exist. */
  record Catalogue(Function<String, Optional<Profile>> find, Function<String, String> nearest) {}

  /** The configuration; not to be used when problems were noted. */
  GatewayConfig resolve() {
    checkUnique();
    checkContradictions();
    List<GatewayConfig.BackendEntry> fleet = new ArrayList<>();
    for (int i = 0; i < draft.fleet().size(); i++) {
      fleet.addAll(entries(draft.fleet().get(i), "fleet[" + i + "]"));
    }
    return new GatewayConfig(
        draft.listeners(),
        models(),
        draft.classes().stream().map(References::serviceClass).toList(),
        fleet,
        draft.policy(),
        draft.limits());
  }

  private void checkUnique() {
    Map<String, Located<String>> modelNames = new LinkedHashMap<>();
    for (FileShape.ModelDraft model : draft.models()) {
      once(modelNames, model.name(), "model");
      model.aliases().forEach(alias -> once(modelNames, alias, "model"));
    }
    Map<String, Located<String>> classNames = new LinkedHashMap<>();
    draft.classes().forEach(serviceClass -> once(classNames, serviceClass.name(), "service class"));
    Map<String, Located<String>> ids = new LinkedHashMap<>();
    for (BackendShape.Draft entry : draft.fleet()) {
      for (String id : ids(entry)) {
        once(ids, new Located<>(id, entry.id().node()), "backend");
      }
    }
  }

  private void once(Map<String, Located<String>> seen, Located<String> name, String what) {
    Located<String> earlier = seen.putIfAbsent(name.value(), name);
    if (earlier != null) {
      int line = earlier.node().getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
      reading.problem(
          name.node(),
          "%s '%s' is there twice (first in line %d)".formatted(what, name.value(), line));
    }
  }

  private void checkContradictions() {
    for (FileShape.ModelDraft model : draft.models()) {
      if (model.maxOutputTokens() > model.contextTokens()) {
        reading.problem(
            model.name().node(),
            "model '%s': max_output_tokens %d (expected: at most context_tokens, %d)"
                .formatted(model.name().value(), model.maxOutputTokens(), model.contextTokens()));
      }
    }
    GatewayConfig.Address grpc = draft.listeners().grpc();
    if (grpc.port() != 0 && grpc.equals(draft.listeners().admin())) {
      reading.problem(
          Optional.empty(),
          "listeners: grpc and admin are both " + grpc + " (expected: two addresses)");
    }
  }

  private List<GatewayConfig.Model> models() {
    List<String> classNames =
        draft.classes().stream().map(serviceClass -> serviceClass.name().value()).toList();
    List<GatewayConfig.Model> models = new ArrayList<>();
    for (FileShape.ModelDraft model : draft.models()) {
      String name = model.name().value();
      if (draft.fleet().stream().noneMatch(entry -> entry.model().value().equals(name))) {
        reading.problem(
            model.name().node(),
            "model '"
                + name
                + "': no backend serves it (expected: an entry of fleet with this model)");
      }
      Located<String> serviceClass = model.serviceClass();
      if (serviceClass != null && !classNames.contains(serviceClass.value())) {
        reading.problem(
            serviceClass.node(),
            "service class '%s' does not exist%s"
                .formatted(
                    serviceClass.value(), Texts.suggestion(serviceClass.value(), classNames)));
      }
      models.add(
          new GatewayConfig.Model(
              name,
              model.aliases().stream().map(Located::value).toList(),
              model.contextTokens(),
              model.maxOutputTokens(),
              serviceClass == null ? null : serviceClass.value(),
              model.budget()));
    }
    return models;
  }

  private static GatewayConfig.ServiceClass serviceClass(FileShape.ClassDraft draft) {
    return new GatewayConfig.ServiceClass(
        draft.name().value(),
        draft.budget(),
        draft.value(),
        GatewayConfig.Criticality.valueOf(draft.criticality().toUpperCase(Locale.ROOT)));
  }

  private List<GatewayConfig.BackendEntry> entries(BackendShape.Draft entry, String path) {
    List<String> models = draft.models().stream().map(model -> model.name().value()).toList();
    String model = entry.model().value();
    if (!models.contains(model)) {
      reading.problem(
          entry.model().node(),
          "%s.model: '%s' is no name under models%s"
              .formatted(path, model, Texts.suggestion(model, models)));
    }
    Profile profile = profile(entry, path);
    return ids(entry).stream()
        .map(
            id ->
                new GatewayConfig.BackendEntry(
                    id,
                    entry.factory().kind(),
                    model,
                    entry.region(),
                    profile,
                    entry.description().settings()))
        .toList();
  }

  private @Nullable Profile profile(BackendShape.Draft entry, String path) {
    Located<String> name = entry.description().profile();
    if (name == null) {
      reading.problem(
          entry.node(),
          path
              + ": 'profile' is missing (it says what to expect of the backend; see"
              + " sluice-accelerator profiles)");
      return null;
    }
    Profile profile = profiles.find().apply(name.value()).orElse(null);
    if (profile == null) {
      reading.problem(
          name.node(),
          "%s.profile: '%s' does not exist (did you mean '%s'?)"
              .formatted(path, name.value(), profiles.nearest().apply(name.value())));
      return null;
    }
    if (!profile.deployment().model().equals(entry.model().value())) {
      reading.problem(
          name.node(),
          "%s.profile: '%s' is for model %s (expected: one for %s)"
              .formatted(path, name.value(), profile.deployment().model(), entry.model().value()));
      return null;
    }
    Profile.Price price = entry.description().price();
    return price == null ? profile : profile.withPrice(price);
  }

  private static List<String> ids(BackendShape.Draft entry) {
    List<String> ids = new ArrayList<>(entry.count());
    for (int i = 1; i <= entry.count(); i++) {
      ids.add(entry.count() == 1 ? entry.id().value() : entry.id().value() + "-" + i);
    }
    return ids;
  }
}
