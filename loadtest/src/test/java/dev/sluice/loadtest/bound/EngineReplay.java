package dev.sluice.loadtest.bound;

import dev.sluice.backends.emulated.model.Engine;
import dev.sluice.backends.emulated.model.EngineListener;
import dev.sluice.backends.emulated.model.Sequence;
import dev.sluice.backends.emulated.model.StepNoise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Serves a case on fresh engines by their own events, without any shortcut. */
final class EngineReplay implements EngineListener {

  final long[] firstTokens;
  final long[] lastTokens;
  int preemptions;
  long cachedTokens;

  EngineReplay(RandomCase subject, EngineEvaluator evaluator, int[] assignment) {
    firstTokens = new long[assignment.length];
    lastTokens = new long[assignment.length];
    Arrays.fill(firstTokens, Attainment.NEVER);
    Arrays.fill(lastTokens, Attainment.NEVER);
    List<Integer> order =
        IntStream.range(0, assignment.length)
            .boxed()
            .sorted(Comparator.comparingLong(i -> subject.requests.get(i).arrivalNanos()))
            .toList();
    for (int deployment = 0; deployment < evaluator.deployments(); deployment++) {
      int own = deployment;
      serve(
          subject,
          Engine.of(subject.profiles.get(evaluator.pool(deployment)), StepNoise.none(), 0),
          order.stream().filter(i -> assignment[i] == own).toList());
    }
  }

  private void serve(RandomCase subject, Engine engine, List<Integer> members) {
    List<Sequence> sequences = new ArrayList<>();
    for (int member : members) {
      RandomCase.Request request = subject.requests.get(member);
      while (engine.nextEventNanos() <= request.arrivalNanos()) {
        engine.advanceTo(engine.nextEventNanos(), this);
      }
      engine.advanceTo(request.arrivalNanos(), this);
      if (request.promptTokens() + request.outputTokens() <= engine.longestSequenceTokens()) {
        Sequence sequence =
            new Sequence(
                member, request.promptTokens(), request.outputTokens(), subject.hashes(member));
        engine.submit(sequence, request.arrivalNanos());
        sequences.add(sequence);
      }
    }
    while (engine.nextEventNanos() != Engine.NEVER) {
      engine.advanceTo(engine.nextEventNanos(), this);
    }
    preemptions += sequences.stream().mapToInt(Sequence::preemptions).sum();
    cachedTokens += sequences.stream().mapToLong(Sequence::cachedTokens).sum();
  }

  @Override
  public void firstToken(Sequence sequence, long atNanos) {
    firstTokens[(int) sequence.id()] = atNanos;
  }

  @Override
  public void finished(Sequence sequence, long atNanos) {
    lastTokens[(int) sequence.id()] = atNanos;
  }
}
