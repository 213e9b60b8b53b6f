package dev.sluice.loadtest.report;

/**
 * The gateway's own account of a finished request; its times count from the request's arrival.
 *
 * @param tpotNanos 0 for a single token
 * @param met whether the gateway holds the budget to be met
 * @param attempts attempts on backends; 1 when nothing went wrong
 * @param countedBy where its counts of tokens are from: backend, tokenizer or estimate; empty:
 *     unknown
 */
public record Account(
    long ttftNanos,
    long tpotNanos,
    long totalNanos,
    boolean met,
    int attempts,
    double costUsd,
    double energyJoules,
    String countedBy) {}
