package dev.sluice.gateway.core.fleet;

import java.util.Arrays;

/**
 * The paces, in tokens a second, that requests under way ask for: an immutable multiset that knows
 * its greatest when others end. Requests that ask for none are not in it.
 */
public final class Paces {

  /** Nobody asks for any pace. */
  public static final Paces NONE = new Paces(new double[0], new int[0]);

  /** The different paces, ascending; few, since most budgets are those of a service class. */
  private final double[] paces;

  /** How many ask for each. */
  private final int[] requests;

  private Paces(double[] paces, int[] requests) {
    this.paces = paces;
    this.requests = requests;
  }

  /** The greatest pace that is asked for; 0: none is. */
  public double greatest() {
    return paces.length == 0 ? 0 : paces[paces.length - 1];
  }

  /** How many different paces are asked for. */
  public int size() {
    return paces.length;
  }

  /** The pace at {@code place}, 0 … {@link #size} − 1, ascending. */
  public double pace(int place) {
    return paces[place];
  }

  /** How many ask for the pace at {@code place}. */
  public int requests(int place) {
    return requests[place];
  }

  /** These with another request. */
  Paces plus(double tokensPerSecond) {
    if (tokensPerSecond == 0) {
      return this;
    }
    int at = Arrays.binarySearch(paces, tokensPerSecond);
    return at >= 0 ? counting(at, 1) : resized(-1 - at, 1, tokensPerSecond);
  }

  /** These without a request that is among them. */
  Paces minus(double tokensPerSecond) {
    if (tokensPerSecond == 0) {
      return this;
    }
    int at = Arrays.binarySearch(paces, tokensPerSecond);
    if (at < 0) {
      throw new IllegalArgumentException(
          "pace: %s tokens/s (expected: one of %s)"
              .formatted(tokensPerSecond, Arrays.toString(paces)));
    }
    return requests[at] > 1 ? counting(at, -1) : resized(at, -1, tokensPerSecond);
  }

  private Paces counting(int at, int more) {
    int[] changed = requests.clone();
    changed[at] += more;
    return new Paces(paces, changed);
  }

  /** With a place more at {@code at}, for one request of that pace, or with a place less there. */
  private Paces resized(int at, int more, double pace) {
    if (paces.length + more == 0) {
      return NONE;
    }
    double[] otherPaces = Arrays.copyOf(paces, paces.length + more);
    int[] otherRequests = Arrays.copyOf(requests, paces.length + more);
    for (int from = more > 0 ? at : at + 1; from < paces.length; from++) {
      otherPaces[from + more] = paces[from];
      otherRequests[from + more] = requests[from];
    }
    if (more > 0) {
      otherPaces[at] = pace;
      otherRequests[at] = 1;
    }
    return new Paces(otherPaces, otherRequests);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Paces that
        && Arrays.equals(paces, that.paces)
        && Arrays.equals(requests, that.requests);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(paces) + Arrays.hashCode(requests);
  }

  @Override
  public String toString() {
    return Arrays.toString(paces) + " tokens/s of " + Arrays.toString(requests);
  }
}
