package dev.sluice.backends.profile;

import dev.sluice.backends.profile.Hardware.BatchPace;
import dev.sluice.backends.profile.Hardware.SlotPace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The catalogue's files, each parsed once when first needed, and the profiles that follow from
 * them.
 */
final class Catalogue {

  static final String SOURCES = "sources.yaml";
  static final String ENGINE = "engine.yaml";
  static final String MODELS = "models.yaml";

  private final UnaryOperator<String> texts;
  private final Map<String, Section> files = new LinkedHashMap<>();
  private final Map<String, Provenance> sources = new LinkedHashMap<>();

  /**
   * A catalogue of files.
   *
   * @param texts gives the text of a file by its name
   */
  Catalogue(UnaryOperator<String> texts) {
    this.texts = texts;
  }

  /** File of the hardware called {@code id}. */
  static String hardwareFile(String id) {
    return "hardware/" + id + ".yaml";
  }

  /** Names of all deployments, in the order of the files. */
  synchronized List<String> names() {
    List<String> names = new ArrayList<>();
    for (String id : hardwareIds()) {
      names.addAll(deployments(id).keys());
    }
    return names;
  }

  /** The profile of deployment {@code name} with the account of its figures. */
  synchronized Optional<ProfileSheet> sheet(String name) {
    return entry(name).map(this::resolve);
  }

  /** Costs of a step by the step equation alone, whatever was measured; empty for slot engines. */
  synchronized Optional<StepCosts> derivedCosts(String name) {
    return entry(name).map(Entry::setup).flatMap(Catalogue::derivedCosts);
  }

  private static Optional<StepCosts> derivedCosts(Setup setup) {
    return switch (setup.hardware().pace()) {
      case BatchPace pace -> Optional.of(Roofline.costs(setup, pace));
      case SlotPace _ -> Optional.empty();
    };
  }

  private ProfileSheet resolve(Entry entry) {
    try {
      return switch (entry.setup().hardware().pace()) {
        case BatchPace pace -> batchSheet(entry, pace);
        case SlotPace pace -> slotSheet(entry, pace);
      };
    } catch (IllegalArgumentException wrong) {
      throw new CatalogueException(entry.where(), wrong);
    }
  }

  private ProfileSheet batchSheet(Entry entry, BatchPace pace) {
    StepCosts costs = costs(entry, pace);
    BatchDerivation derivation = new BatchDerivation(entry.setup(), costs);
    Entry.EnergyFit energy = entry.known().energy();
    String like = entry.known().like();
    SheetWriter writer = new SheetWriter(entry, costs.decode());
    if (like != null) {
      Entry other = like(entry, like);
      energy = energy == null ? other.known().energy() : energy;
      writer.madeFrom(other.figures());
    }
    writer.service(derivation.service(), derivation.serviceFigures());
    writer.energy(derivation.energy(energy), energy);
    return writer.sheet(derivation.service().limits().kvTokens());
  }

  private ProfileSheet slotSheet(Entry entry, SlotPace pace) {
    SlotDerivation derivation = new SlotDerivation(entry.setup(), pace, entry.known().token());
    SheetWriter writer = new SheetWriter(entry, derivation.tokenOrigin());
    writer.service(derivation.service(), derivation.serviceFigures());
    writer.energy(derivation.energy(entry.known().energy()), entry.known().energy());
    return writer.sheet(derivation.kvTokens());
  }

  private StepCosts costs(Entry entry, BatchPace pace) {
    StepCosts derived = Roofline.costs(entry.setup(), pace);
    Entry.Fit fit = entry.known().fit();
    if (fit != null) {
      double cache = derived.perKvTokenNanos() * fit.context().base();
      return derived.withDecode(
          fit.step().base(), fit.perSequence().base() - cache, fit.step().provenance());
    }
    String like = entry.known().like();
    return like == null ? derived : moved(entry, like, derived);
  }

  /** The fit of {@code like}, moved by what the step equation says of the difference. */
  private StepCosts moved(Entry entry, String like, StepCosts derived) {
    Entry other = like(entry, like);
    if (other.known().fit() == null
        || !(other.setup().hardware().pace() instanceof BatchPace otherPace)) {
      throw wrongLike(entry, like);
    }
    StepCosts measured = costs(other, otherPace);
    StepCosts otherDerived = Roofline.costs(other.setup(), otherPace);
    return derived.withDecode(
        measured.stepNanos() + derived.stepNanos() - otherDerived.stepNanos(),
        measured.perSequenceNanos() + derived.perSequenceNanos() - otherDerived.perSequenceNanos(),
        new Provenance(
            "measured fit of " + like + ", moved by the step equation",
            Confidence.ASSUMED,
            measured.decode().date()));
  }

  /** The entry called {@code like}, which must run the same in the same way on other hardware. */
  private Entry like(Entry entry, String like) {
    Setup setup = entry.setup();
    return entry(like)
        .filter(other -> other.setup().model().id().equals(setup.model().id()))
        .filter(other -> other.setup().devices() == setup.devices())
        .filter(other -> other.setup().precision().id().equals(setup.precision().id()))
        .orElseThrow(() -> wrongLike(entry, like));
  }

  private static CatalogueException wrongLike(Entry entry, String like) {
    return new CatalogueException(
        entry.where() + " fit like",
        like,
        "a deployment with a fit of its own, and of this model, precision and number of devices");
  }

  /** Reads no file of hardware that the name rules out, because names begin with the hardware. */
  private Optional<Entry> entry(String name) {
    for (String id : hardwareIds()) {
      boolean possible = name.startsWith(id + "-") || name.startsWith(id + "x");
      if (possible && deployments(id).has(name)) {
        return Optional.of(entry(id, deployments(id).section(name)));
      }
    }
    return Optional.empty();
  }

  private Entry entry(String hardwareId, Section section) {
    Section hardware = file(hardwareFile(hardwareId)).section("hardware").labelled(hardwareId);
    Setup setup =
        new Setup(
            section.where(),
            Engine.read(file(ENGINE).section("engine")),
            Hardware.read(hardwareId, hardware),
            section.wholeNumber("devices", 1),
            model(section),
            Precision.read(section.recordOf(file(ENGINE).section("precisions"), "precision")));
    return Entry.read(section, setup);
  }

  private Model model(Section deployment) {
    Section models = file(MODELS).section("models");
    Section model = deployment.recordOf(models, "model");
    return model.has("like")
        ? Model.read(model.recordOf(models, "like")).named(model.name())
        : Model.read(model);
  }

  private List<String> hardwareIds() {
    return file(ENGINE).texts("hardware");
  }

  private Section deployments(String hardwareId) {
    return file(hardwareFile(hardwareId)).section("deployments");
  }

  private Section file(String name) {
    if (sources.isEmpty()) {
      readSources();
    }
    return files.computeIfAbsent(name, this::parse);
  }

  private void readSources() {
    Section table = parse(SOURCES).section("sources");
    for (String id : table.keys()) {
      Section source = table.section(id);
      sources.put(
          id,
          new Provenance(
              source.text("title"),
              source.oneOf("confidence", Confidence.class),
              source.month("date")));
      source.finish();
    }
  }

  private Section parse(String name) {
    LoadSettings settings = LoadSettings.builder().setLabel(name).setUseMarks(false).build();
    try {
      if (new Load(settings).loadFromString(texts.apply(name)) instanceof Map<?, ?> map) {
        return new Section(name, map, sources);
      }
    } catch (YamlEngineException broken) {
      throw new CatalogueException(name, broken);
    }
    throw new CatalogueException(name, "no mapping", "one mapping as a whole");
  }
}
