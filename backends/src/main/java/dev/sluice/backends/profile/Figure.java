package dev.sluice.backends.profile;

/**
 * One number, with where it comes from.
 *
 * @param name what it tells, for a person
 * @param value as written
 * @param unit it is written in
 * @param provenance where it comes from
 */
record Figure(String name, double value, Unit unit, Provenance provenance) {

  Figure {
    Checks.notNegative(name, value);
  }

  /** The number in its dimension's base unit. */
  double base() {
    return unit.toBase(value);
  }
}
