package dev.sluice.loadtest.simulate;

import dev.sluice.backends.emulated.model.EnergyUse;
import dev.sluice.gateway.core.fleet.AcceleratorKind;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Energy that a fleet used in a run, by kind of accelerator, as its engines metered it. */
final class Energy {

  private final Map<AcceleratorKind, EnergyUse> byKind = new EnumMap<>(AcceleratorKind.class);

  void add(AcceleratorKind kind, EnergyUse use) {
    byKind.merge(
        kind,
        use,
        (one, other) ->
            new EnergyUse(
                one.requestJoules() + other.requestJoules(),
                one.idleJoules() + other.idleJoules()));
  }

  /** What was spent on requests, in joules. */
  double requestJoules() {
    double joules = 0;
    for (EnergyUse use : byKind.values()) {
      joules += use.requestJoules();
    }
    return joules;
  }

  /** One line: for each kind what was spent on requests, and what idleness drew. */
  String describe() {
    StringBuilder text = new StringBuilder("energy: ");
    String gap = "";
    for (Map.Entry<AcceleratorKind, EnergyUse> entry : byKind.entrySet()) {
      EnergyUse use = entry.getValue();
      text.append(gap)
          .append(
              String.format(
                  Locale.ROOT,
                  "%s %.0f kJ + %.0f kJ idle",
                  entry.getKey(),
                  use.requestJoules() / 1e3,
                  use.idleJoules() / 1e3));
      gap = ", ";
    }
    return text.toString();
  }
}
