package dev.sluice.loadtest.bound;

import java.util.Arrays;
import java.util.List;

/**
 * Every request with every pool that can meet its budget, in columns: what it needs there and in
 * which buckets. Both ends are inclusive; an {@code …Until} beyond the grid means that the window
 * ends in time that is free.
 */
final class Pairs {

  final Grid grid;
  final Constraints constraints;

  /** The pairs of request j are {@code first[j]} up to {@code first[j + 1]}. */
  final int[] first;

  int[] pool;
  int[] promptFrom;
  int[] promptUntil;
  int[] answerFrom;
  int[] answerUntil;

  /** Where the pair's seconds begin, one for each constraint of its pool. */
  int[] secondsAt;

  float[] promptSeconds;
  float[] answerSeconds;

  private int size;
  private int secondsSize;

  /**
   * Measures all pairs.
   *
   * @param largest grid that need not be exceeded; the pairs' own ends with the last window that
   *     ends in it
   */
  Pairs(BoundProblem problem, Grid largest) {
    List<BoundPool> pools = problem.pools();
    constraints = new Constraints(pools);
    first = new int[problem.size() + 1];
    int room = problem.size();
    pool = new int[room];
    promptFrom = new int[room];
    promptUntil = new int[room];
    answerFrom = new int[room];
    answerUntil = new int[room];
    secondsAt = new int[room];
    promptSeconds = new float[room];
    answerSeconds = new float[room];
    PoolNeeds[] needs = pools.stream().map(PoolNeeds::of).toArray(PoolNeeds[]::new);
    Need need = new Need(constraints.mostOfOnePool());
    int last = 0;
    for (int request = 0; request < problem.size(); request++) {
      for (int p : problem.choices(request)) {
        if (needs[p].measure(problem, request, need)) {
          add(p, need, largest);
          last = Math.max(last, lastBucket(largest));
        }
      }
      first[request + 1] = size;
    }
    grid = new Grid(largest.bucketNanos(), last + 1);
  }

  int size() {
    return size;
  }

  private void add(int p, Need need, Grid grid) {
    int ways = constraints.ofPool(p);
    makeRoom(ways);
    pool[size] = p;
    promptFrom[size] = grid.bucket(need.promptFromNanos);
    promptUntil[size] = Math.max(promptFrom[size], grid.bucket(need.promptUntilNanos - 1));
    answerFrom[size] = grid.bucket(need.answerFromNanos);
    answerUntil[size] = Math.max(answerFrom[size], grid.bucket(need.answerUntilNanos - 1));
    secondsAt[size] = secondsSize;
    System.arraycopy(need.promptSeconds, 0, promptSeconds, secondsSize, ways);
    System.arraycopy(need.answerSeconds, 0, answerSeconds, secondsSize, ways);
    secondsSize += ways;
    size++;
  }

  /** The last bucket of the latest pair's windows, of those that end in the grid. */
  private int lastBucket(Grid grid) {
    int prompt = promptUntil[size - 1];
    int answer = answerUntil[size - 1];
    return Math.max(prompt < grid.buckets() ? prompt : 0, answer < grid.buckets() ? answer : 0);
  }

  private void makeRoom(int ways) {
    if (size == pool.length) {
      int room = larger(size, 1);
      pool = Arrays.copyOf(pool, room);
      promptFrom = Arrays.copyOf(promptFrom, room);
      promptUntil = Arrays.copyOf(promptUntil, room);
      answerFrom = Arrays.copyOf(answerFrom, room);
      answerUntil = Arrays.copyOf(answerUntil, room);
      secondsAt = Arrays.copyOf(secondsAt, room);
    }
    if (secondsSize + ways > promptSeconds.length) {
      int room = larger(promptSeconds.length, ways);
      promptSeconds = Arrays.copyOf(promptSeconds, room);
      answerSeconds = Arrays.copyOf(answerSeconds, room);
    }
  }

  private static int larger(int room, int atLeast) {
    return Math.addExact(room, Math.max(atLeast, room / 2));
  }
}
