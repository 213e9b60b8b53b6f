package dev.sluice.loadtest.bound;

import dev.sluice.backends.emulated.model.Engine;
import dev.sluice.backends.emulated.model.EngineListener;
import dev.sluice.backends.emulated.model.Sequence;
import dev.sluice.backends.emulated.model.StepNoise;
import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Service;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One engine serving its requests, from the first to the last.
 *
 * @implNote An engine that has answered everything is as good as new, so a run that differs from a
 *     known one by few requests is simulated only from the last idle instant before the difference
 *     to the first idle instant after it that both runs share; the rest is copied. What a prefix
 *     cache holds outlives idleness: where prompts have hashes, all is simulated.
 */
final class EngineRun implements EngineListener {

  private final int[] members;
  private final long[] firstTokens;
  private final long[] lastTokens;

  /** When all members before the i-th had ended. */
  private final long[] idleFrom;

  private int unfinished;

  private EngineRun(int[] members) {
    this.members = members;
    firstTokens = new long[members.length];
    lastTokens = new long[members.length];
    idleFrom = new long[members.length + 1];
    Arrays.fill(firstTokens, Attainment.NEVER);
    Arrays.fill(lastTokens, Attainment.NEVER);
  }

  /** What an engine needs to know of the requests it serves. */
  record Work(BoundProblem problem, IntFunction<long[]> blockHashes) {

    private Sequence sequence(int request, int id) {
      return new Sequence(
          id,
          problem.promptTokens(request),
          problem.outputTokens(request),
          blockHashes.apply(request));
    }

    private long arrivalNanos(int request) {
      return problem.arrivalNanos(request);
    }

    private boolean cacheMatters(Profile profile, int[] members) {
      return profile.service() instanceof Service.Batch batch
          && batch.limits().prefixCache()
          && Arrays.stream(members).anyMatch(member -> blockHashes.apply(member).length > 0);
    }
  }

  /**
   * Serves {@code members}, in the order of their arrival.
   *
   * @param known a run of the same engine with other members; null: there is none
   */
  static EngineRun of(Profile profile, Work work, int[] members, @Nullable EngineRun known) {
    EngineRun run = new EngineRun(members);
    if (known == null
        || work.cacheMatters(profile, members)
        || work.cacheMatters(profile, known.members)) {
      run.serve(profile, work, 0, new EngineRun(new int[0]), 0);
    } else {
      run.serveLike(profile, work, known);
    }
    return run;
  }

  private void serveLike(Profile profile, Work work, EngineRun known) {
    int common = commonStart(known.members);
    int from = common;
    while (from > 0 && !(idleAt(from, work, known) && known.idleAt(from, work, known))) {
      from--;
    }
    System.arraycopy(known.firstTokens, 0, firstTokens, 0, from);
    System.arraycopy(known.lastTokens, 0, lastTokens, 0, from);
    System.arraycopy(known.idleFrom, 0, idleFrom, 0, from + 1);
    serve(profile, work, from, known, commonEnd(known.members, common));
  }

  /** Whether {@code known} had ended all before the i-th member when that arrived in this run. */
  private boolean idleAt(int i, Work work, EngineRun known) {
    return i == members.length || known.idleFrom[i] <= work.arrivalNanos(members[i]);
  }

  private void serve(Profile profile, Work work, int from, EngineRun known, int commonEnd) {
    if (from == members.length) {
      return;
    }
    Engine engine = Engine.of(profile, StepNoise.none(), work.arrivalNanos(members[from]));
    int shift = known.members.length - members.length;
    for (int i = from; i < members.length; i++) {
      long arrival = work.arrivalNanos(members[i]);
      engine.advanceTo(arrival, this);
      boolean alike = i >= members.length - commonEnd && known.idleFrom[i + shift] <= arrival;
      if (alike && unfinished == 0) {
        copyRest(known, i, shift);
        return;
      }
      engine.submit(work.sequence(members[i], i), arrival);
      unfinished++;
    }
    engine.advanceTo(Engine.NEVER - 1, this);
    noteIdleness(from, members.length);
  }

  private void copyRest(EngineRun known, int i, int shift) {
    noteIdleness(0, i);
    int count = members.length - i;
    System.arraycopy(known.firstTokens, i + shift, firstTokens, i, count);
    System.arraycopy(known.lastTokens, i + shift, lastTokens, i, count);
    noteIdleness(i, members.length);
  }

  private void noteIdleness(int from, int until) {
    for (int i = from; i < until; i++) {
      idleFrom[i + 1] = Math.max(idleFrom[i], lastTokens[i]);
    }
  }

  private int commonStart(int[] others) {
    int difference = Arrays.mismatch(members, others);
    return difference < 0 ? members.length : difference;
  }

  /** Members at the end that both have, besides the {@code start} common ones at the start. */
  private int commonEnd(int[] others, int start) {
    int most = Math.min(members.length, others.length) - start;
    int common = 0;
    while (common < most
        && members[members.length - 1 - common] == others[others.length - 1 - common]) {
      common++;
    }
    return common;
  }

  /** Members that this run shares with {@code others} at the start and at the end. */
  int likeness(int[] others) {
    int start = commonStart(others);
    return start + commonEnd(others, start);
  }

  boolean serves(int[] others) {
    return Arrays.equals(members, others);
  }

  /** Writes the instants of the members' tokens to those of all requests. */
  void writeTo(long[] allFirstTokens, long[] allLastTokens) {
    for (int i = 0; i < members.length; i++) {
      allFirstTokens[members[i]] = firstTokens[i];
      allLastTokens[members[i]] = lastTokens[i];
    }
  }

  @Override
  public void firstToken(Sequence sequence, long atNanos) {
    firstTokens[(int) sequence.id()] = atNanos;
  }

  @Override
  public void finished(Sequence sequence, long atNanos) {
    lastTokens[(int) sequence.id()] = atNanos;
    unfinished--;
  }
}
