package dev.sluice.gateway.core.fleet;

/**
 * What a deployment was asked and how it answered.
 *
 * @param measured how fast it answered of late
 * @param prefixes what it probably holds of earlier prompts
 * @param limit how many requests it is given at once
 */
record Past(Measured measured, PrefixMemory prefixes, ConcurrencyLimit limit) {

  /** Of a deployment that was never asked. */
  static Past of(Deployment deployment, Measured measured) {
    Figures figures = deployment.figures();
    return new Past(
        measured, PrefixMemory.empty(figures.cacheTokens()), ConcurrencyLimit.of(figures));
  }

  Past with(Measured next) {
    return new Past(next, prefixes, limit);
  }

  Past with(PrefixMemory next) {
    return new Past(measured, next, limit);
  }

  Past with(ConcurrencyLimit next) {
    return new Past(measured, prefixes, next);
  }
}
