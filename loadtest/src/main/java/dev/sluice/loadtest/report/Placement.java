package dev.sluice.loadtest.report;

/** Who served a request: a backend's name and its kind of accelerator; empty: nobody. */
public record Placement(String backend, String accelerator) {
  /** Nobody. */
  public static final Placement NOWHERE = new Placement("", "");
}
