package dev.sluice.loadtest.workload;

/** Measures the shape of rows as they pass by in order. */
final class ProfileMeter {
  private final GapMeter gaps = new GapMeter();

  /** The highest turn that each conversation has come to without a gap. */
  private final RecentMap<Integer> turns = new RecentMap<>();

  private long followUps;
  private long wholeFollowUps;

  void add(TraceRow row) {
    gaps.add(row.atNanos());
    Turn turn = row.turn();
    if (!turn.inConversation()) {
      return;
    }
    Integer reached = turns.get(turn.conversation());
    int expected = reached == null ? 0 : reached + 1;
    if (turn.ordinal() > 0) {
      followUps++;
      wholeFollowUps += turn.ordinal() <= expected && expected > 0 ? 1 : 0;
    }
    turns.put(turn.conversation(), Math.max(turn.ordinal(), expected - 1));
  }

  TraceProfile profile() {
    return new TraceProfile(
        gaps.arrivals(), gaps.spanSeconds(), gaps.variation(), followUps, wholeFollowUps);
  }
}
