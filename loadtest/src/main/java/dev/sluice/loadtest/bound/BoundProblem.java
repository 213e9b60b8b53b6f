package dev.sluice.loadtest.bound;

import dev.sluice.loadtest.workload.Budget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Requests that were asked, pools that could serve them, and when the run ended.
 *
 * <p>Requests lie in primitive columns, so that a million of them are some tens of megabytes.
 */
public final class BoundProblem {

  /** A run that goes on until the last request is served. */
  public static final long NO_END = Long.MAX_VALUE;

  /** A part of a budget that was not said. */
  static final long UNLIMITED = Long.MAX_VALUE;

  private final List<BoundPool> pools;
  private final List<int[]> choices;
  private final long endNanos;
  private final int size;
  private final long[] arrivals;
  private final int[] prompts;
  private final int[] outputs;
  private final int[] cached;
  private final double[] values;
  private final long[] budgets;
  private final int[] choiceOf;

  private BoundProblem(Builder builder) {
    pools = builder.pools;
    choices = List.copyOf(builder.choices);
    endNanos = builder.endNanos;
    size = builder.size;
    arrivals = Arrays.copyOf(builder.arrivals, size);
    prompts = Arrays.copyOf(builder.prompts, size);
    outputs = Arrays.copyOf(builder.outputs, size);
    cached = Arrays.copyOf(builder.cached, size);
    values = Arrays.copyOf(builder.values, size);
    budgets = Arrays.copyOf(builder.budgets, 3 * size);
    choiceOf = Arrays.copyOf(builder.choiceOf, size);
  }

  /**
   * Starts a problem.
   *
   * @param pools what there is to serve with
   */
  public static Builder builder(List<BoundPool> pools) {
    return new Builder(pools);
  }

  /** What there is to serve with. */
  public List<BoundPool> pools() {
    return pools;
  }

  /** Number of requests. */
  public int size() {
    return size;
  }

  /** Sum of the values of all requests. */
  public double totalValue() {
    double total = 0;
    for (double value : values) {
      total += value;
    }
    return total;
  }

  /** What ends after this instant counts as missed; {@link #NO_END}: nothing does. */
  long endNanos() {
    return endNanos;
  }

  long arrivalNanos(int request) {
    return arrivals[request];
  }

  int promptTokens(int request) {
    return prompts[request];
  }

  int outputTokens(int request) {
    return outputs[request];
  }

  int cachedTokensAtMost(int request) {
    return cached[request];
  }

  double value(int request) {
    return values[request];
  }

  /** Budget to the first token; {@link #UNLIMITED} if none. */
  long ttftNanos(int request) {
    return budgets[3 * request];
  }

  /** Budget per token after the first; {@link #UNLIMITED} if none. */
  long tpotNanos(int request) {
    return budgets[3 * request + 1];
  }

  /** Budget to the last token; {@link #UNLIMITED} if none. */
  long totalNanos(int request) {
    return budgets[3 * request + 2];
  }

  /** Indexes of the pools that may serve {@code request}, rising; not to be changed. */
  int[] choices(int request) {
    return choices.get(choiceOf[request]);
  }

  @Override
  public String toString() {
    return "BoundProblem[" + size + " requests, " + pools.size() + " pools]";
  }

  /** Collects a problem's requests. */
  public static final class Builder {

    private static final int FIRST_ROOM = 1024;

    private final List<BoundPool> pools;
    private final List<int[]> choices = new ArrayList<>();
    private final Map<BitSet, Integer> choiceIndex = new LinkedHashMap<>();
    private long endNanos = NO_END;
    private int size;
    private long[] arrivals = new long[FIRST_ROOM];
    private int[] prompts = new int[FIRST_ROOM];
    private int[] outputs = new int[FIRST_ROOM];
    private int[] cached = new int[FIRST_ROOM];
    private double[] values = new double[FIRST_ROOM];
    private long[] budgets = new long[3 * FIRST_ROOM];
    private int[] choiceOf = new int[FIRST_ROOM];

    private Builder(List<BoundPool> pools) {
      this.pools = List.copyOf(pools);
      if (pools.isEmpty()) {
        throw new IllegalArgumentException("pools: 0 (expected: at least 1)");
      }
    }

    /**
     * Adds a request.
     *
     * @param eligible indexes of the pools that may serve it; none: it cannot be served
     */
    public Builder add(BoundRequest request, BitSet eligible) {
      makeRoom();
      arrivals[size] = request.arrivalNanos();
      prompts[size] = request.promptTokens();
      outputs[size] = request.outputTokens();
      cached[size] = request.cachedTokensAtMost();
      values[size] = request.value();
      Budget budget = request.budget();
      budgets[3 * size] = limit(budget.ttftNanos());
      budgets[3 * size + 1] = limit(budget.tpotNanos());
      budgets[3 * size + 2] = limit(budget.totalNanos());
      choiceOf[size] = choiceOf(eligible);
      size++;
      return this;
    }

    /** Counts what has not ended by {@code endNanos} as missed; without it the run has no end. */
    public Builder endNanos(long endNanos) {
      if (endNanos < 1) {
        throw new IllegalArgumentException("endNanos: " + endNanos + " (expected: >= 1)");
      }
      this.endNanos = endNanos;
      return this;
    }

    /**
     * The problem so far.
     *
     * @throws IllegalArgumentException if there is no request
     */
    public BoundProblem build() {
      if (size == 0) {
        throw new IllegalArgumentException("requests: 0 (expected: at least 1)");
      }
      return new BoundProblem(this);
    }

    private static long limit(long nanos) {
      return nanos == 0 ? UNLIMITED : nanos;
    }

    private int choiceOf(BitSet eligible) {
      Integer known = choiceIndex.get(eligible);
      if (known != null) {
        return known;
      }
      if (eligible.length() > pools.size()) {
        throw new IllegalArgumentException(
            "eligible pool: %d (expected: 0..%d)"
                .formatted(eligible.length() - 1, pools.size() - 1));
      }
      choiceIndex.put((BitSet) eligible.clone(), choices.size());
      choices.add(eligible.stream().toArray());
      return choices.size() - 1;
    }

    private void makeRoom() {
      if (size < arrivals.length) {
        return;
      }
      int room = 2 * size;
      arrivals = Arrays.copyOf(arrivals, room);
      prompts = Arrays.copyOf(prompts, room);
      outputs = Arrays.copyOf(outputs, room);
      cached = Arrays.copyOf(cached, room);
      values = Arrays.copyOf(values, room);
      budgets = Arrays.copyOf(budgets, 3 * room);
      choiceOf = Arrays.copyOf(choiceOf, room);
    }
  }
}
