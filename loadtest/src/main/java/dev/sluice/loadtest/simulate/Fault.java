package dev.sluice.loadtest.simulate;

/** Something that breaks in a run, or is mended. */
sealed interface Fault {

  /** When it happens, since the start of the run. */
  long atNanos();

  /** Index of the deployment that it happens to. */
  int deployment();

  /** The accelerator is gone, with all that it held. */
  record Vanish(long atNanos, int deployment) implements Fault {}

  /** It is there again, idle. */
  record ComeBack(long atNanos, int deployment) implements Fault {}
}
