package dev.sluice.loadtest.bound;

import dev.sluice.backends.profile.Profile;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Serves requests with the emulated engines themselves, without noise, one per deployment. A
 * request reaches its engine when it arrives; nothing waits at a gateway.
 *
 * <p>Engines do not feel each other, so only those whose requests changed run again, and each from
 * where its last runs differ. Not thread-safe.
 */
public final class EngineEvaluator implements Evaluator {

  /**
   * Runs remembered per deployment. A search leaves most engines as they are and comes back to a
   * run after a few refused moves; more than four were not tried.
   */
  private static final int REMEMBERED_RUNS = 4;

  private static final long[] NO_HASHES = {};

  /**
   * One deployment.
   *
   * @param pool index of its pool
   * @param profile what its engine is made from
   */
  public record Replica(int pool, Profile profile) {}

  private final BoundProblem problem;
  private final List<Replica> replicas;
  private final EngineRun.Work work;
  private final int[] byArrival;
  private final List<Deque<EngineRun>> remembered = new ArrayList<>();

  /** An evaluator of requests whose prompts share nothing. */
  public EngineEvaluator(BoundProblem problem, List<Replica> replicas) {
    this(problem, replicas, _ -> NO_HASHES);
  }

  /**
   * An evaluator.
   *
   * @param replicas the deployments
   * @param blockHashes of each request's prompt, as {@link
   *     dev.sluice.backends.emulated.model.Sequence} takes them
   */
  public EngineEvaluator(
      BoundProblem problem, List<Replica> replicas, IntFunction<long[]> blockHashes) {
    this.problem = problem;
    this.replicas = List.copyOf(replicas);
    this.work = new EngineRun.Work(problem, blockHashes);
    for (Replica replica : replicas) {
      if (replica.pool() < 0 || replica.pool() >= problem.pools().size()) {
        throw new IllegalArgumentException(
            "pool of %s: %d (expected: 0..%d)"
                .formatted(replica.profile().name(), replica.pool(), problem.pools().size() - 1));
      }
      remembered.add(new ArrayDeque<>());
    }
    byArrival =
        IntStream.range(0, problem.size())
            .boxed()
            .sorted((a, b) -> Long.compare(problem.arrivalNanos(a), problem.arrivalNanos(b)))
            .mapToInt(Integer::intValue)
            .toArray();
  }

  /** One deployment for every replica of every pool, pool by pool. */
  public static List<Replica> replicasOf(BoundProblem problem, List<Profile> profileOfPool) {
    List<Replica> replicas = new ArrayList<>();
    for (int pool = 0; pool < problem.pools().size(); pool++) {
      for (int i = 0; i < problem.pools().get(pool).replicas(); i++) {
        replicas.add(new Replica(pool, profileOfPool.get(pool)));
      }
    }
    return replicas;
  }

  @Override
  public int deployments() {
    return replicas.size();
  }

  @Override
  public int pool(int deployment) {
    return replicas.get(deployment).pool();
  }

  @Override
  public Attainment evaluate(int[] assignment) {
    long[] firstTokens = new long[problem.size()];
    long[] lastTokens = new long[problem.size()];
    Arrays.fill(firstTokens, Attainment.NEVER);
    Arrays.fill(lastTokens, Attainment.NEVER);
    int[][] members = members(assignment);
    for (int deployment = 0; deployment < members.length; deployment++) {
      run(deployment, members[deployment]).writeTo(firstTokens, lastTokens);
    }
    return Attainment.of(problem, firstTokens, lastTokens);
  }

  /** The requests of each deployment, in the order of their arrival. */
  private int[][] members(int[] assignment) {
    if (assignment.length != problem.size()) {
      throw new IllegalArgumentException(
          "assignment: %d requests (expected: %d)".formatted(assignment.length, problem.size()));
    }
    int[] counts = new int[replicas.size()];
    for (int request = 0; request < assignment.length; request++) {
      if (isServed(request, assignment[request])) {
        counts[assignment[request]]++;
      }
    }
    int[][] members = new int[replicas.size()][];
    for (int deployment = 0; deployment < members.length; deployment++) {
      members[deployment] = new int[counts[deployment]];
      counts[deployment] = 0;
    }
    for (int request : byArrival) {
      int deployment = assignment[request];
      if (isServed(request, deployment)) {
        members[deployment][counts[deployment]++] = request;
      }
    }
    return members;
  }

  /** Whether {@code deployment} takes {@code request}: it is not refused and not too long. */
  private boolean isServed(int request, int deployment) {
    if (deployment >= replicas.size() || deployment < -1) {
      throw new IllegalArgumentException(
          "deployment of request %d: %d (expected: -1..%d)"
              .formatted(request, deployment, replicas.size() - 1));
    }
    return deployment >= 0
        && problem.promptTokens(request) + problem.outputTokens(request)
            <= problem.pools().get(pool(deployment)).longestTokens();
  }

  private EngineRun run(int deployment, int[] members) {
    Deque<EngineRun> runs = remembered.get(deployment);
    for (Iterator<EngineRun> each = runs.iterator(); each.hasNext(); ) {
      EngineRun known = each.next();
      if (known.serves(members)) {
        each.remove();
        runs.addFirst(known);
        return known;
      }
    }
    EngineRun run =
        EngineRun.of(replicas.get(deployment).profile(), work, members, mostLike(runs, members));
    runs.addFirst(run);
    if (runs.size() > REMEMBERED_RUNS) {
      runs.removeLast();
    }
    return run;
  }

  private static @Nullable EngineRun mostLike(Deque<EngineRun> runs, int[] members) {
    EngineRun most = null;
    int likeness = -1;
    for (EngineRun run : runs) {
      int own = run.likeness(members);
      if (own > likeness) {
        most = run;
        likeness = own;
      }
    }
    return most;
  }
}
