package dev.sluice.gateway.core.admission;

/**
 * What the process has for itself, each as the share that is in use: 0 for nothing, or for what is
 * not known, 1 for all of it.
 *
 * @param heap of the heap, by what is still needed
 * @param directMemory of the memory outside of the heap
 * @param descriptors of the file descriptors
 * @param lag of the longest delay of its timers that is borne
 */
public record Means(double heap, double directMemory, double descriptors, double lag) {

  /** Nothing is in use. */
  public static final Means NOTHING = new Means(0, 0, 0, 0);

  public Means {
    check("heap", heap);
    check("directMemory", directMemory);
    check("descriptors", descriptors);
    check("lag", lag);
  }

  private static void check(String name, double share) {
    if (!(share >= 0)) {
      throw new IllegalArgumentException(name + ": " + share + " (expected: >= 0)");
    }
  }

  /** Of the scarcer memory. */
  public double memory() {
    return Math.max(heap, directMemory);
  }
}
