package dev.sluice.gateway.core.attempt;

import dev.sluice.gateway.core.policy.Candidate;

/** An attempt under way, as the machine sees it. */
final class Running {
  final int number;
  final Candidate candidate;
  final Patience patience;
  final long sentNanos;

  long heardNanos;
  boolean hasSpoken;
  boolean isAlone;

  Running(int number, Candidate candidate, Patience patience, long nowNanos) {
    this.number = number;
    this.candidate = candidate;
    this.patience = patience;
    sentNanos = nowNanos;
    heardNanos = nowNanos;
  }

  /** When it has been silent for too long. */
  long dueNanos() {
    if (hasSpoken) {
      return heardNanos + patience.stallNanos();
    }
    return sentNanos + (isAlone ? patience.lastNanos() : patience.firstTokenNanos());
  }
}
