package dev.sluice.gateway.call;

/**
 * What was asked of one model since the gateway began, as far as it is over. Lengths of time are
 * sums.
 *
 * @param model name of the model
 * @param completed requests that were answered in full
 * @param completedNanos what they took
 * @param queueNanos the part of that until they were routed
 * @param failed requests that were not, but for those whose caller went away
 * @param failedNanos what they took
 * @param lastSeconds when the last one ended, in seconds since 1970; 0 for never
 */
public record ModelTally(
    String model,
    long completed,
    long completedNanos,
    long queueNanos,
    long failed,
    long failedNanos,
    long lastSeconds) {}
