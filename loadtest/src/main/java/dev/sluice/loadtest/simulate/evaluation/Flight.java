package dev.sluice.loadtest.simulate.evaluation;

import dev.sluice.backends.emulated.model.Sequence;
import dev.sluice.gateway.core.fleet.Work;
import dev.sluice.gateway.core.prediction.Prediction;
import dev.sluice.loadtest.simulate.evaluation.Rival.Question;

/** A request under way. */
final class Flight {

  final Question question;
  final Prediction prediction;
  final Work work;
  final Sequence sequence;
  final long sentNanos;
  long firstTokenNanos;

  Flight(Question question, Prediction prediction, Work work, Sequence sequence, long sentNanos) {
    this.question = question;
    this.prediction = prediction;
    this.work = work;
    this.sequence = sequence;
    this.sentNanos = sentNanos;
  }

  int deployment() {
    return question.deployment();
  }

  /** Time from being sent to the first token. */
  long firstTokenSinceSentNanos() {
    return firstTokenNanos - sentNanos;
  }
}
