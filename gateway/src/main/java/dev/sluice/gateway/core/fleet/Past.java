package dev.sluice.gateway.core.fleet;

/**
 * What a deployment was asked and how it answered.
 *
 * @param measured how fast it answered of late
 * @param prefixes what it probably holds of earlier prompts
 */
record Past(Measured measured, PrefixMemory prefixes) {

  Past with(Measured next) {
    return new Past(next, prefixes);
  }

  Past with(PrefixMemory next) {
    return new Past(measured, next);
  }
}
