package dev.sluice.loadtest.bound;

/** An assignment that was carried out, and what it attained. */
final class Trial {

  /** Deployment of each request or {@link Places#REFUSED}; not to be changed. */
  final int[] assignment;

  final Attainment attainment;

  /** Requests that were sent somewhere and missed their budgets. */
  final int servedInVain;

  Trial(int[] assignment, Attainment attainment) {
    this.assignment = assignment;
    this.attainment = attainment;
    int count = 0;
    for (int request = 0; request < assignment.length; request++) {
      if (assignment[request] != Places.REFUSED && !attainment.met(request)) {
        count++;
      }
    }
    servedInVain = count;
  }

  boolean attainsMoreThan(Trial other) {
    return attainment.value() > other.attainment.value();
  }

  /** Whether it attains more, or as much with no more served in vain. */
  boolean isAsGoodAs(Trial other) {
    return attainsMoreThan(other)
        || (attainment.value() == other.attainment.value() && servedInVain <= other.servedInVain);
  }
}
