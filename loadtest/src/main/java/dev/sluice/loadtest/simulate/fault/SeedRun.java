package dev.sluice.loadtest.simulate.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One seed, played from its first request until nothing is left: a time of faults, then a time
 * without in which everything must settle and fresh requests must be served.
 */
final class SeedRun implements World {

  /**
   * Within this fresh requests must be served once nothing goes wrong any more: ten seconds are the
   * longest silence that is borne of who holds a place and was cut off at the last moment, three
   * are for the answers.
   */
  private static final long FRESH_NANOS = 13_000_000_000L;

  /** Whoever is refused tries again after this. */
  private static final long TRY_AGAIN_NANOS = 200_000_000;

  /** Fresh requests for each model. */
  private static final int FRESH_CALLERS = 3;

  private static final int FRESH_TOKENS = 8;

  /** A flapping backend dies as often as this, and is away for half of the time. */
  private static final long FLAP_NANOS = 500_000_000;

  /** Longest that a request can go on once it cannot go wrong any more. */
  private static final long SETTLE_NANOS = 2 * Shell.MOST_TOTAL_NANOS;

  private final Plan plan;
  private final Rig rig;
  private final Agenda agenda = new Agenda();
  private final Tally tally = new Tally();
  private final Trace trace;
  private final Shell shell;
  private final List<FakeBackend> backends = new ArrayList<>();
  private final List<Caller> callers = new ArrayList<>();
  private final Referee referee;
  private int freshToServe;
  private boolean closing;

  private SeedRun(Plan plan, Rig rig, @Nullable Consumer<String> log) {
    this.plan = plan;
    this.rig = rig;
    trace = new Trace(agenda, log);
    Host gateway = new Host(agenda);
    shell = new Shell(this, gateway);
    for (Script script : plan.fleet()) {
      backends.add(new FakeBackend(this, script, gateway));
    }
    referee = new Referee(this, callers);
  }

  /** Plays {@code seed}; every event is told to {@code log}, if there is one. */
  static SeedResult play(long seed, Rig rig, @Nullable Consumer<String> log) {
    SeedRun run = new SeedRun(Plan.of(seed), rig, log);
    String violation = null;
    try {
      run.play();
    } catch (RuntimeException e) {
      // whatever is thrown was thrown by a fault of the machine, or of the shell around it
      violation =
          String.format(
              Locale.ROOT,
              "at %.6f s: %s",
              run.agenda.nowNanos() / 1e9,
              e instanceof BrokenPromise ? e.getMessage() : e.toString());
    }
    return new SeedResult(seed, run.tally, run.trace.hash(), violation);
  }

  private void play() {
    for (Wish wish : plan.wishes()) {
      agenda.at(wish.atNanos(), () -> ask(wish));
    }
    for (Incident incident : plan.incidents()) {
      agenda.at(incident.atNanos(), () -> begin(incident));
    }
    shell.host().at(Shell.ROUND_NANOS, this::round);
    agenda.playUntil(plan.quietNanos());
    trace.note(Trace.Step.QUIET, 0, 0, 0, 0);
    sendFresh();
    agenda.playUntil(plan.quietNanos() + FRESH_NANOS);
    if (freshToServe > 0) {
      throw new BrokenPromise(
          freshToServe + " fresh requests are not served thirteen seconds after the last fault");
    }
    settle();
  }

  private void settle() {
    long endNanos = plan.quietNanos() + SETTLE_NANOS;
    while (!shell.open().isEmpty() && agenda.nowNanos() < endNanos) {
      agenda.playUntil(agenda.nowNanos() + Shell.ROUND_NANOS);
    }
    // what is still under way may come, and what was given up must stop
    agenda.playUntil(agenda.nowNanos() + Referee.ORPHAN_NANOS + 2 * Shell.ROUND_NANOS);
    closing = true;
    agenda.playOut();
    referee.settled();
    referee.balance();
  }

  private void round() {
    shell.round();
    referee.look();
    if (!closing) {
      shell.host().at(agenda.nowNanos() + Shell.ROUND_NANOS, this::round);
    }
  }

  // ---- callers

  private Caller ask(Wish wish) {
    Caller caller = new Caller(this, callers.size() + 1, wish);
    callers.add(caller);
    tally.count(Tally.Count.REQUESTS, 1);
    trace.note(Trace.Step.ASKED, caller.id(), 0, wish.answer().tokens(), wish.promptTokens());
    shell.asked(caller);
    long leavingNanos = wish.leaving().afterNanos();
    if (leavingNanos > 0) {
      agenda.at(agenda.nowNanos() + leavingNanos, caller::leave);
    }
    return caller;
  }

  private void sendFresh() {
    List<String> models =
        plan.fleet().stream()
            .map(script -> script.deployment().identity().model())
            .distinct()
            .toList();
    for (String model : models) {
      for (int i = 0; i < FRESH_CALLERS; i++) {
        freshToServe++;
        tryFresh(model, i);
      }
    }
  }

  private void tryFresh(String model, int number) {
    long nowNanos = agenda.nowNanos();
    Text answer = Text.of(plan.seed() ^ nowNanos ^ number, FRESH_TOKENS);
    Caller caller = ask(Traffic.patient(nowNanos, model, answer));
    agenda.at(nowNanos + TRY_AGAIN_NANOS, () -> look(caller, number));
  }

  private void look(Caller caller, int number) {
    Caller.Ending ending = caller.ending();
    if (ending == Caller.Ending.COMPLETE) {
      freshToServe--;
    } else if (ending != null && !closing) {
      tryFresh(caller.wish().model(), number);
    } else if (!closing) {
      agenda.at(agenda.nowNanos() + TRY_AGAIN_NANOS, () -> look(caller, number));
    }
  }

  // ---- what goes wrong

  private void begin(Incident incident) {
    long endNanos = incident.atNanos() + incident.lengthNanos();
    FakeBackend backend = backends.get(incident.backend());
    trace.note(Trace.Step.INCIDENT, 0, 0, incident.lengthNanos() / 1_000_000, incident.kind());
    trace.add(0, 0, incident);
    switch (incident.kind()) {
      case KILL -> backend.die(incident.lengthNanos());
      case FREEZE -> with(Sometimes.FROZEN, () -> backend.freezeUntil(endNanos));
      case HOLD_UP -> with(Sometimes.HELD_UP, () -> backend.wire().holdUntil(endNanos));
      case CUT -> with(Sometimes.HALF_OPEN, () -> backend.cutUntil(endNanos));
      case SLOW -> with(Sometimes.SLOW, () -> backend.slowUntil(endNanos));
      case REFUSE -> with(Sometimes.REFUSED, () -> backend.refuseUntil(endNanos));
      case FLAP -> with(Sometimes.FLAPPED, () -> flap(backend, endNanos));
      case DRAIN_BACKEND -> with(Sometimes.BACKEND_DRAINED, () -> backend.drainUntil(endNanos));
      case LIE -> with(Sometimes.LIED, () -> backend.lieUntil(endNanos));
      case PAUSE_GATEWAY -> with(Sometimes.GATEWAY_PAUSED, () -> shell.host().pauseUntil(endNanos));
      case DRAIN_GATEWAY -> with(Sometimes.GATEWAY_DRAINED, () -> drain(endNanos));
      case CHANGE_POLICY -> with(Sometimes.POLICY_CHANGED, () -> changePolicy(incident));
    }
  }

  private void with(Sometimes what, Runnable how) {
    tally.happened(what);
    how.run();
  }

  private void flap(FakeBackend backend, long endNanos) {
    if (agenda.nowNanos() < endNanos) {
      backend.die(FLAP_NANOS / 2);
      agenda.at(agenda.nowNanos() + FLAP_NANOS, () -> flap(backend, endNanos));
    }
  }

  private void drain(long endNanos) {
    shell.drain(true);
    agenda.at(endNanos, () -> shell.drain(false));
  }

  private void changePolicy(Incident incident) {
    shell.changePolicy(Plan.policy(new Draw(plan.seed() ^ incident.atNanos(), Plan.HABITS)));
  }

  // ---- what the parts share

  @Override
  public Plan plan() {
    return plan;
  }

  @Override
  public Agenda agenda() {
    return agenda;
  }

  @Override
  public Trace trace() {
    return trace;
  }

  @Override
  public Tally tally() {
    return tally;
  }

  @Override
  public Rig rig() {
    return rig;
  }

  @Override
  public Shell gateway() {
    return shell;
  }

  @Override
  public List<FakeBackend> backends() {
    return backends;
  }

  @Override
  public boolean isStormy() {
    return agenda.nowNanos() < plan.quietNanos();
  }

  @Override
  public String toString() {
    return "SeedRun[" + plan.seed() + ", " + shell + "]";
  }
}
