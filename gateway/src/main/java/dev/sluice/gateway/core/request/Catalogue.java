package dev.sluice.gateway.core.request;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What can be asked for: models by name and alias, service classes by name. Immutable. */
public final class Catalogue {

  private final List<Model> models;
  private final Map<String, Model> modelsByName = new LinkedHashMap<>();
  private final Map<String, ServiceClass> classesByName = new LinkedHashMap<>();

  /** A catalogue of {@code models} and {@code classes}, whose names and aliases are unique. */
  public Catalogue(List<Model> models, List<ServiceClass> classes) {
    this.models = List.copyOf(models);
    for (Model model : models) {
      modelsByName.put(model.name(), model);
      model.aliases().forEach(alias -> modelsByName.put(alias, model));
    }
    classes.forEach(serviceClass -> classesByName.put(serviceClass.name(), serviceClass));
  }

  /** The models, in the order given. */
  public List<Model> models() {
    return models;
  }

  /** Names of the service classes, in the order given. */
  public List<String> classNames() {
    return new ArrayList<>(classesByName.keySet());
  }

  /** The model called {@code name}, by its name or an alias; null when there is none. */
  public @Nullable Model model(String name) {
    return modelsByName.get(name);
  }

  /** The service class called {@code name}; null when there is none. */
  public @Nullable ServiceClass serviceClass(String name) {
    return classesByName.get(name);
  }
}
