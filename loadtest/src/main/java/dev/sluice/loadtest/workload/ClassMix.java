package dev.sluice.loadtest.workload;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Which share of the requests belongs to which service class. */
public record ClassMix(List<Share> shares) {
  /** A class and its weight, relative to the others; above zero. */
  public record Share(ServiceClass serviceClass, double weight) {
    public Share {
      if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "weight of class " + serviceClass.name() + ": " + weight + " (expected: above 0)");
      }
    }
  }

  public ClassMix {
    shares = List.copyOf(shares);
    if (shares.isEmpty()) {
      throw new IllegalArgumentException("classes: none (expected: at least one)");
    }
  }

  /**
   * Reads {@code coding=0.1,interactive=0.9}.
   *
   * @param budgets budgets that replace or extend the built-in ones, by class name
   */
  public static ClassMix parse(String text, Map<String, Budget> budgets) {
    Map<String, ServiceClass> known = new LinkedHashMap<>();
    ServiceClass.BUILT_IN.forEach(each -> known.put(each.name(), each));
    budgets.forEach((name, budget) -> known.put(name, new ServiceClass(name, budget)));
    List<Share> shares = new ArrayList<>();
    for (String entry : List.of(text.split(",", -1))) {
      shares.add(parseShare(entry.strip(), known));
    }
    if (shares.stream().map(Share::serviceClass).distinct().count() < shares.size()) {
      throw new IllegalArgumentException("classes: " + text + " (expected: each class once)");
    }
    return new ClassMix(shares);
  }

  private static Share parseShare(String entry, Map<String, ServiceClass> known) {
    int equals = entry.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException("classes: " + entry + " (expected: NAME=WEIGHT)");
    }
    String name = entry.substring(0, equals);
    ServiceClass serviceClass = known.get(name);
    if (serviceClass == null) {
      throw new IllegalArgumentException(
          "class: %s (expected: one of %s, or --class-budget %s=ttft:500ms,tpot:10ms)"
              .formatted(name, String.join(", ", known.keySet()), name));
    }
    try {
      return new Share(serviceClass, Double.parseDouble(entry.substring(equals + 1)));
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException(
          "weight of class " + name + ": " + entry.substring(equals + 1) + " (expected: a number)");
    }
  }

  /** The classes, in the order given. */
  public List<ServiceClass> classes() {
    return shares.stream().map(Share::serviceClass).toList();
  }

  /** The class of the mix with this name. */
  public Optional<ServiceClass> named(String name) {
    for (Share share : shares) {
      if (share.serviceClass().name().equals(name)) {
        return Optional.of(share.serviceClass());
      }
    }
    return Optional.empty();
  }

  /** A class, drawn by the weights. */
  public ServiceClass draw(RandomGenerator random) {
    double total = 0;
    for (Share share : shares) {
      total += share.weight();
    }
    double point = random.nextDouble() * total;
    for (Share share : shares) {
      point -= share.weight();
      if (point < 0) {
        return share.serviceClass();
      }
    }
    return shares.getLast().serviceClass();
  }
}
