package dev.sluice.loadtest.workload;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Lays a conversation out in time: rows since its start, each told after which answer it comes.
 *
 * <p>The rows of an agent follow each other. The first row of a nested agent follows the row that
 * started it. The row after nested agents follows the last answer of the agent that was done last,
 * because it carries their results; the recorded think time spans their work and is replaced by the
 * rest of the pause.
 */
final class AgentTimeline {
  /** A row whose place among all rows of the conversation is not known yet. */
  private static final class Draft {
    private final AgentStep.Call call;
    private final long atNanos;
    private final int previous;
    private final long thinkNanos;
    private int ordinal;

    Draft(AgentStep.Call call, long atNanos, int previous, long thinkNanos) {
      this.call = call;
      this.atNanos = atNanos;
      this.previous = previous;
      this.thinkNanos = thinkNanos;
    }
  }

  /**
   * A row that others may follow.
   *
   * @param draft its number; -1: there is none
   * @param endSeconds when its answer had ended
   * @param joined whether it ended nested agents, so that a think time before it does not count
   */
  private record Tail(int draft, double endSeconds, boolean joined) {
    static final Tail NONE = new Tail(-1, 0, false);
  }

  private final AgentConversation conversation;
  private final long identity;
  private final int space;
  private final String place;
  private final Tally tally;
  private final List<Draft> drafts = new ArrayList<>();
  private int calls;

  /**
   * A layout of a conversation.
   *
   * @param number of the conversation in the trace
   * @param place of the conversation, as {@code file:line}
   */
  AgentTimeline(AgentConversation conversation, int number, String place, Tally tally) {
    this.conversation = conversation;
    this.place = place;
    this.tally = tally;
    identity = Turn.identity(Hashes.combine(Hashes.of(conversation.name()), number));
    space = conversation.local() ? PrefixBlocks.spaceOf(number) : 0;
  }

  /** The rows in the order of their recorded arrivals. */
  List<TraceRow> rows() {
    layOut(conversation.steps(), 0, Tail.NONE);
    List<Draft> ordered = new ArrayList<>(drafts);
    ordered.sort(Comparator.comparingLong(draft -> draft.atNanos));
    for (int i = 0; i < ordered.size(); i++) {
      ordered.get(i).ordinal = i;
    }
    return ordered.stream().map(this::row).toList();
  }

  /** Adds the steps of one agent; what a row after them follows. */
  private Tail layOut(List<AgentStep> steps, double startSeconds, Tail starter) {
    Tail own = starter;
    boolean first = true;
    Tail latest = Tail.NONE;
    for (AgentStep step : steps) {
      switch (step) {
        case AgentStep.Nested nested -> {
          Tail done = layOut(nested.steps(), base(nested, startSeconds), own);
          if (done.draft >= 0 && done.draft != own.draft && done.endSeconds >= latest.endSeconds) {
            latest = new Tail(done.draft, done.endSeconds, true);
          }
        }
        case AgentStep.Call call -> {
          Tail before = latest.draft >= 0 ? latest : own;
          double think = first || before.joined ? Double.NaN : call.thinkSeconds();
          if (add(call, startSeconds, before, think)) {
            double end = startSeconds + call.atSeconds() + call.serviceSeconds();
            own = new Tail(drafts.size() - 1, end, false);
            latest = Tail.NONE;
            first = false;
          }
        }
      }
    }
    return latest.draft >= 0 ? latest : own;
  }

  /** Times of a nested agent count from its start; some recorders count on, which shows. */
  private static double base(AgentStep.Nested nested, double startSeconds) {
    double start = Math.max(0, nested.startSeconds());
    boolean countsOn =
        !nested.steps().isEmpty()
            && nested.steps().getFirst() instanceof AgentStep.Call call
            && call.atSeconds() > 0
            && call.atSeconds() >= start;
    return countsOn ? startSeconds : startSeconds + start;
  }

  /** Adds a row, unless it cannot be sent. */
  private boolean add(AgentStep.Call call, double startSeconds, Tail before, double think) {
    calls++;
    tally.read();
    long blocks = Math.ceilDiv(call.inputTokens(), conversation.blockTokens());
    if (call.inputTokens() < 1
        || call.inputTokens() > TraceLine.MAX_TOKENS
        || call.outputTokens() < 0
        || call.outputTokens() > TraceLine.MAX_TOKENS
        || call.prefix().size() > blocks) {
      tally.drop(
          place,
          "bad length",
          "request %d of %s: %d tokens in %d blocks, %d tokens out (expected: 1 …, 0 …)"
              .formatted(
                  calls,
                  conversation.name(),
                  call.inputTokens(),
                  call.prefix().size(),
                  call.outputTokens()));
      return false;
    }
    if (call.outputTokens() == 0) {
      tally.raise();
    }
    double at = startSeconds + call.atSeconds();
    double pause = Double.isNaN(think) ? Math.max(0, at - before.endSeconds) : think;
    long atNanos = Math.round(at * 1e9);
    if (before.draft >= 0) {
      atNanos = Math.max(atNanos, drafts.get(before.draft).atNanos);
    }
    long thinkNanos = before.draft < 0 ? 0 : Math.round(pause * 1e9);
    drafts.add(new Draft(call, atNanos, before.draft, thinkNanos));
    return true;
  }

  private TraceRow row(Draft draft) {
    AgentStep.Call call = draft.call;
    int previous = draft.previous < 0 ? -1 : drafts.get(draft.previous).ordinal;
    return new TraceRow(
        draft.atNanos,
        (int) call.inputTokens(),
        (int) Math.max(1, call.outputTokens()),
        call.prefix().within(conversation.blockTokens(), space),
        Terms.NONE,
        new Turn(identity, draft.ordinal, previous, draft.thinkNanos));
  }
}
