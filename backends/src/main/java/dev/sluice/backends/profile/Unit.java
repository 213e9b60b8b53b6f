package dev.sluice.backends.profile;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** A unit in which a figure is written; each belongs to one {@link Dimension} with one base. */
enum Unit {
  ONE("", Dimension.NUMBER, 1),
  TOKENS("tokens", Dimension.TOKENS, 1),
  PARAMETERS("Gparams", Dimension.PARAMETERS, 1e9),
  BYTES("B", Dimension.BYTES, 1),
  GIGABYTES("GB", Dimension.BYTES, 1e9),
  GIGABYTES_PER_SECOND("GB/s", Dimension.BANDWIDTH, 1e9),
  TERABYTES_PER_SECOND("TB/s", Dimension.BANDWIDTH, 1e12),
  TERAFLOPS("TFLOPS", Dimension.COMPUTE, 1e12),
  NANOSECONDS("ns", Dimension.TIME, 1),
  MICROSECONDS("us", Dimension.TIME, 1e3),
  MILLISECONDS("ms", Dimension.TIME, 1e6),
  TOKENS_PER_SECOND("tok/s", Dimension.TIME, 1e9) {
    @Override
    double toBase(double value) {
      return 1e9 / value;
    }
  },
  WATTS("W", Dimension.POWER, 1),
  KILOWATTS("kW", Dimension.POWER, 1e3),
  JOULES("J", Dimension.ENERGY, 1),
  DOLLARS_PER_HOUR("USD/h", Dimension.RENT, 1),
  DOLLARS_PER_MILLION_TOKENS("USD/Mtok", Dimension.TOKEN_PRICE, 1);

  /** What is measured. */
  enum Dimension {
    NUMBER,
    TOKENS,
    PARAMETERS,
    BYTES,
    /** Base: bytes per second. */
    BANDWIDTH,
    /** Base: operations per second. */
    COMPUTE,
    /** Base: nanoseconds; also written as tokens per second, one token at a time. */
    TIME,
    POWER,
    ENERGY,
    RENT,
    TOKEN_PRICE;

    /** The units a figure of this dimension can be written in, for an error message. */
    String units() {
      return Arrays.stream(Unit.values())
          .filter(unit -> unit.dimension == this)
          .map(unit -> unit.symbol.isEmpty() ? "a bare number" : "a number of " + unit.symbol)
          .collect(Collectors.joining(" or "));
    }
  }

  private final String symbol;
  private final Dimension dimension;
  private final double factor;

  Unit(String symbol, Dimension dimension, double factor) {
    this.symbol = symbol;
    this.dimension = dimension;
    this.factor = factor;
  }

  /** The unit written {@code symbol} if it measures {@code dimension}. */
  static Optional<Unit> of(String symbol, Dimension dimension) {
    for (Unit unit : values()) {
      if (unit.dimension == dimension && unit.symbol.equals(symbol)) {
        return Optional.of(unit);
      }
    }
    return Optional.empty();
  }

  String symbol() {
    return symbol;
  }

  /** {@code value} of this unit in the dimension's base. */
  double toBase(double value) {
    return value * factor;
  }
}
