package dev.sluice.backends.profile;

import dev.sluice.backends.profile.Entry.EnergyFit;
import dev.sluice.backends.profile.Hardware.SlotPace;
import dev.sluice.backends.profile.Profile.Energy;
import dev.sluice.backends.profile.Service.Slots;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Service and energy of a slot engine.
 *
 * <p>Weights stay in SRAM and every token crosses all layers and devices at a constant pace: {@code
 * layers·layer + devices·hop}, unless the speed was measured. There are as many slots as the
 * hardware is said to have, or fewer where the cache of that many would not fit. The whole system
 * draws nearly as much when idle as under load, so little of its power belongs to a token.
 */
final class SlotDerivation {

  private final Setup setup;
  private final SlotPace pace;
  private final double tokenNanos;
  private final Provenance tokenOrigin;
  private final long kvTokens;

  SlotDerivation(Setup setup, SlotPace pace, @Nullable Figure measuredToken) {
    this.setup = setup;
    this.pace = pace;
    this.kvTokens = setup.kvTokens();
    if (measuredToken == null) {
      tokenNanos =
          setup.model().layers().base() * pace.layer().base() + setup.devices() * pace.hop().base();
      // the pace of another model on this hardware says little of this one
      tokenOrigin =
          Provenance.derived(
                  "time per layer of " + setup.hardware().id(),
                  List.of(pace.layer(), pace.hop(), setup.model().layers()))
              .atMost(Confidence.ASSUMED);
    } else {
      tokenNanos = measuredToken.base();
      tokenOrigin = measuredToken.provenance();
    }
  }

  Provenance tokenOrigin() {
    return tokenOrigin;
  }

  Slots service() {
    return new Slots(tokenNanos, slots(), pace.prompt().base(), tokenNanos);
  }

  long kvTokens() {
    return kvTokens;
  }

  private int slots() {
    double room = kvTokens / setup.engine().memory().slotContext().base();
    return (int) Math.max(1, Math.min(pace.slots().base(), room));
  }

  List<Figure> serviceFigures() {
    Provenance slotOrigin =
        Provenance.derived(
            "slots of " + setup.hardware().id() + ", as far as memory allows",
            List.of(pace.slots(), setup.engine().memory().slotContext()));
    return List.of(
        new Figure("time per token", tokenNanos / 1e6, Unit.MILLISECONDS, tokenOrigin),
        new Figure("slots", slots(), Unit.ONE, slotOrigin),
        pace.prompt(),
        new Figure(
            "time to fill",
            tokenNanos / 1e6,
            Unit.MILLISECONDS,
            tokenOrigin.atMost(Confidence.ASSUMED)));
  }

  Energy energy(@Nullable EnergyFit known) {
    double idleShare = setup.engine().power().slotIdle().base();
    double marginalWatts = setup.watts() * (1 - idleShare);
    double perToken = marginalWatts * tokenNanos / slots() / 1e9;
    return new Energy(
        known == null ? 0 : known.perStep().base(),
        known == null ? perToken : known.perToken().base(),
        marginalWatts * pace.prompt().base() / slots() / 1e9,
        setup.watts() * idleShare);
  }
}
