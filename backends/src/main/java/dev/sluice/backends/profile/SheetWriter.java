package dev.sluice.backends.profile;

import dev.sluice.backends.profile.Entry.EnergyFit;
import dev.sluice.backends.profile.Entry.TokenPrice;
import dev.sluice.backends.profile.Profile.Deployment;
import dev.sluice.backends.profile.Profile.Energy;
import dev.sluice.backends.profile.Profile.Price;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts a profile together and keeps the account of its figures. */
final class SheetWriter {

  private static final Energy NO_ENERGY = new Energy(0, 0, 0, 0);

  private final Entry entry;
  private final Provenance speed;
  private final List<Figure> results = new ArrayList<>();
  private final List<Figure> borrowed = new ArrayList<>();
  private @Nullable Service service;
  private Energy energy = NO_ENERGY;

  SheetWriter(Entry entry, Provenance speed) {
    this.entry = entry;
    this.speed = speed;
  }

  /** Takes figures that the profile rests on beside those of its own hardware and model. */
  void madeFrom(List<Figure> figures) {
    borrowed.addAll(figures);
  }

  void service(Service made, List<Figure> figures) {
    service = made;
    results.addAll(figures);
  }

  /** Takes the energy; {@code known} is what it was not derived from, but read. */
  void energy(Energy made, @Nullable EnergyFit known) {
    energy = made;
    Provenance derived =
        new Provenance(
            "power times time, with assumed shares of full power",
            Confidence.ASSUMED,
            speed.date());
    Provenance perToken = derived;
    if (known != null) {
      perToken = known.perToken().provenance();
      if (entry.known().energy() == null) {
        perToken = perToken.atMost(Confidence.ASSUMED);
      }
    }
    add("energy per step (E0)", made.perStepJoules(), Unit.JOULES, perToken);
    add("energy per token (E1)", made.perTokenJoules(), Unit.JOULES, perToken);
    add("energy per prompt token", made.perPromptTokenJoules(), Unit.JOULES, derived);
    add("idle power", made.idleWatts(), Unit.WATTS, derived);
  }

  ProfileSheet sheet(long kvTokens) {
    if (service == null) {
      throw new IllegalStateException("service: missing (expected: set before)");
    }
    Setup setup = entry.setup();
    Figure overhead = setup.hardware().supply().overhead();
    results.add(overhead);
    Profile profile =
        new Profile(
            entry.name(),
            new Deployment(
                setup.hardware().kind(),
                setup.hardware().id(),
                setup.devices(),
                setup.model().id(),
                setup.precision().id(),
                setup.hardware().vendor(),
                setup.model().dimensions()),
            service,
            overhead.base(),
            energy,
            price(),
            context(kvTokens));
    List<Figure> inputs = new ArrayList<>(entry.figures());
    inputs.addAll(borrowed);
    inputs.addAll(setup.figures());
    return new ProfileSheet(profile, speed.confidence(), results, inputs);
  }

  /** By the token where such a price is published, else the rent of all devices. */
  private Price price() {
    TokenPrice perToken = entry.known().price();
    if (perToken != null) {
      results.add(perToken.input());
      results.add(perToken.output());
      return new Price(0, perToken.input().base(), perToken.output().base());
    }
    Figure rent = entry.setup().hardware().supply().price();
    if (rent == null) {
      throw new CatalogueException(
          entry.where() + " price", "missing", "a price here or of the hardware");
    }
    double all = rent.base() * entry.setup().devices();
    add("rent of all devices", all, Unit.DOLLARS_PER_HOUR, rent.provenance());
    return new Price(all, 0, 0);
  }

  /** The least of what the model, the service and the memory allow. */
  private int context(long kvTokens) {
    Figure least = entry.setup().model().context();
    Figure own = entry.known().context();
    if (own != null && own.base() < least.base()) {
      least = own;
    }
    if (kvTokens < least.base()) {
      least =
          new Figure(
              "context",
              (double) kvTokens,
              Unit.TOKENS,
              Provenance.derived(
                  "what memory holds for one sequence",
                  List.of(entry.setup().hardware().memory(), least)));
    }
    results.add(least);
    return (int) least.base();
  }

  private void add(String name, double value, Unit unit, Provenance origin) {
    results.add(new Figure(name, value, unit, origin));
  }
}
