package dev.sluice.backends.profile;

import dev.sluice.backends.profile.Engine.Step;
import dev.sluice.backends.profile.Hardware.BatchPace;
import dev.sluice.backends.profile.Service.HostFloor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The step equation of a continuous-batching engine, linear in sequences, cached tokens and prompt
 * tokens.
 *
 * <p>A step reads all weights once and the cache of every running sequence, calculates for every
 * decoding sequence and prompt token, and, on n devices, exchanges activations twice a layer. For L
 * layers of width h, W bytes of weights, N active parameters and κ bytes of cache a token:
 *
 * <pre>
 * a = base + perLayer·L + W/(n·bandwidth·ηw) + [n&gt;1] 2L·allReduce
 * b = 2N/(n·peak·ηf) + [n&gt;1] 2L·2h·2(n−1)/n/(rate·ηn)
 * g = κ/(n·bandwidth·ηk)
 * π = b
 * </pre>
 *
 * <p>The parts add up and do not overlap: that is what fits measurements, within 8 % on H100 and 17
 * % on B200. Left out is the quadratic part of attention over a prompt, which matters beyond ten
 * thousand tokens. A mixture of experts reads weights with every sequence: {@link Model.Experts}.
 */
final class Roofline {

  private static final int BYTES_PER_ACTIVATION = 2;

  private final Setup setup;
  private final BatchPace pace;
  private final Step step;
  private final int devices;

  private Roofline(Setup setup, BatchPace pace) {
    this.setup = setup;
    this.pace = pace;
    this.step = setup.engine().step();
    this.devices = setup.devices();
  }

  /** The costs of {@code setup}, whose hardware works at {@code pace}. */
  static StepCosts costs(Setup setup, BatchPace pace) {
    return new Roofline(setup, pace).costs();
  }

  private StepCosts costs() {
    double perToken = computeNanos() + exchangeNanos();
    Provenance origin =
        Provenance.derived(
            "step equation over the figures of "
                + setup.hardware().id()
                + " and "
                + setup.model().id(),
            inputs());
    return new StepCosts(
        fixedNanos(),
        perToken + expertNanos(experts() == null ? 0 : experts().shareSlope()),
        setup.model().kvPerToken().base() / bytesPerNano(step.kvEfficiency().base()),
        perToken + expertNanosOfPrompt(),
        new HostFloor(step.hostBase().base(), step.hostPerSequence().base()),
        origin,
        origin);
  }

  private double fixedNanos() {
    double layers = setup.model().layers().base();
    double dense = setup.model().denseBytes(setup.precision()) / bytesPerNano(weightEfficiency());
    double exchanges = devices > 1 ? 2 * layers * step.allReduce().base() : 0;
    return step.base().base()
        + step.perLayer().base() * layers
        + dense
        + expertNanos(experts() == null ? 0 : experts().shareIntercept())
        + exchanges;
  }

  private double computeNanos() {
    double operations = 2 * setup.model().size().active().base();
    return 1e9 * operations / (devices * peak().base() * pace.computeEfficiency().base());
  }

  /** Bytes of activations between the devices, at the rate of one direction. */
  private double exchangeNanos() {
    if (devices == 1) {
      return 0;
    }
    Model model = setup.model();
    double bytes =
        2
            * model.layers().base()
            * BYTES_PER_ACTIVATION
            * model.width().base()
            * 2
            * (devices - 1)
            / devices;
    double oneWay = link().base() / 2;
    return 1e9 * bytes / (oneWay * step.linkEfficiency().base());
  }

  private double expertNanos(double share) {
    return share * setup.model().expertBytes(setup.precision()) / bytesPerNano(weightEfficiency());
  }

  /** A full chunk touches all experts; what the fixed part lacks is spread over its tokens. */
  private double expertNanosOfPrompt() {
    if (experts() == null) {
      return 0;
    }
    return expertNanos(1 - experts().shareIntercept()) / setup.engine().scheduler().chunk().base();
  }

  private Model.@Nullable Experts experts() {
    return setup.model().size().experts();
  }

  private double weightEfficiency() {
    Precision precision = setup.precision();
    double efficiency = pace.weightEfficiency().base() * precision.factor().base();
    return Math.min(efficiency, precision.limit().base());
  }

  private double bytesPerNano(double efficiency) {
    return devices * setup.hardware().bandwidth().base() * efficiency / 1e9;
  }

  private Figure peak() {
    if (setup.precision().eightBit().base() == 0) {
      return pace.fp16();
    }
    if (pace.eightBit() == null) {
      throw wrong("precision", setup.precision().id(), "one of sixteen bits on this hardware");
    }
    return pace.eightBit();
  }

  private Figure link() {
    if (pace.link() == null) {
      throw wrong("devices", String.valueOf(devices), "1, because this hardware has no link");
    }
    return pace.link();
  }

  private CatalogueException wrong(String key, String value, String expected) {
    return new CatalogueException(setup.where() + " " + key, value, expected);
  }

  /** The figures that decide, which bound the confidence of the result. */
  private List<Figure> inputs() {
    List<Figure> inputs =
        new ArrayList<>(
            List.of(
                setup.hardware().bandwidth(),
                peak(),
                pace.weightEfficiency(),
                pace.computeEfficiency(),
                setup.precision().factor(),
                step.base(),
                setup.model().size().parameters()));
    if (devices > 1) {
      inputs.add(link());
    }
    if (experts() != null) {
      inputs.add(experts().linearisedAt());
    }
    return inputs;
  }
}
