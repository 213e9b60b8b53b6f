package dev.sluice.loadtest;

import dev.sluice.gateway.config.ConfigLoader;
import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.loadtest.workload.Budget;
import dev.sluice.loadtest.workload.ClassMix;
import dev.sluice.loadtest.workload.ServiceClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The service classes of a gateway's configuration as those of a workload. */
final class ConfiguredClasses {
  private ConfiguredClasses() {}

  /** Their budgets by name, in the order of the configuration. */
  static Map<String, Budget> budgets(GatewayConfig config) {
    Map<String, Budget> budgets = new LinkedHashMap<>();
    for (GatewayConfig.ServiceClass each : config.serviceClasses()) {
      budgets.put(
          each.name(),
          new Budget(
              nanos(each.budget().timeToFirstToken()),
              nanos(each.budget().timePerOutputToken()),
              nanos(each.budget().total())));
    }
    return budgets;
  }

  private static long nanos(@Nullable Duration length) {
    return length == null ? 0 : length.toNanos();
  }

  /**
   * The mix that {@code text} describes, of classes that the configuration has: the gateway refuses
   * the others. Without a text, the class of requests that name none.
   */
  static ClassMix mix(String text, Map<String, Budget> budgets, GatewayConfig config) {
    if (text.isEmpty()) {
      return of(config.models().getFirst(), budgets);
    }
    ClassMix mix = ClassMix.parse(text, budgets);
    List<String> known =
        config.serviceClasses().stream().map(GatewayConfig.ServiceClass::name).toList();
    for (ServiceClass each : mix.classes()) {
      if (!known.contains(each.name())) {
        throw new IllegalArgumentException(
            "class: the configuration has no "
                + each.name()
                + ConfigLoader.suggestion(each.name(), known));
      }
    }
    return mix;
  }

  private static ClassMix of(GatewayConfig.Model model, Map<String, Budget> budgets) {
    String name = model.serviceClass();
    if (name == null) {
      throw new IllegalArgumentException(
          "classes: none (expected: --classes, as model " + model.name() + " has no class)");
    }
    List<ClassMix.Share> shares = new ArrayList<>();
    shares.add(
        new ClassMix.Share(new ServiceClass(name, budgets.getOrDefault(name, Budget.NONE)), 1));
    return new ClassMix(shares);
  }
}
