package dev.sluice.backends.emulated.fault;

import java.util.List;
import java.util.stream.Collectors;

/**
 * How an accelerator treats its callers.
 *
 * @param ways all that happens to a request that is chosen; none: it behaves
 * @param share share of the requests that are chosen, above 0 … 1
 * @param seed of the choice, which is a pure function of seed and request id
 */
public record Conduct(List<Misbehaviour> ways, double share, long seed) {

  /** Everybody is served. */
  public static final Conduct GOOD = new Conduct(List.of(), 1, 0);

  private static final long FNV_OFFSET = 0xCBF29CE484222325L;
  private static final long FNV_PRIME = 0x100000001B3L;

  public Conduct {
    ways = List.copyOf(ways);
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share: " + share + " (expected: above 0 to 1)");
    }
  }

  /** What happens to the request of this id. */
  public List<Misbehaviour> towards(String requestId) {
    return ways.isEmpty() || (share < 1 && draw(requestId) >= share) ? List.of() : ways;
  }

  /** The ways in the form that {@link MisbehaviourText} reads. */
  public String text() {
    return ways.stream().map(Misbehaviour::toString).collect(Collectors.joining(","));
  }

  /** A number in [0, 1): FNV-1a over the id, mixed with the seed by SplitMix64's finalizer. */
  private double draw(String requestId) {
    long hash = FNV_OFFSET ^ seed;
    for (int i = 0; i < requestId.length(); i++) {
      hash = (hash ^ requestId.charAt(i)) * FNV_PRIME;
    }
    hash = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
    hash = (hash ^ (hash >>> 27)) * 0x94D049BB133111EBL;
    return ((hash ^ (hash >>> 31)) >>> 11) * 0x1p-53;
  }

  @Override
  public String toString() {
    return ways.isEmpty() ? "Conduct[good]" : "Conduct[" + text() + ", share " + share + "]";
  }
}
