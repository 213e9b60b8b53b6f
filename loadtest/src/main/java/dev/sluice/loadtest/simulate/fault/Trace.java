package dev.sluice.loadtest.simulate.fault;

import dev.sluice.gateway.core.request.Hash;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All that happened in one run: folded into one number, and told line by line if wanted. */
final class Trace {

  private final Agenda agenda;
  private final @Nullable Consumer<String> log;
  private long hash = Hash.SEED;

  Trace(Agenda agenda, @Nullable Consumer<String> log) {
    this.agenda = agenda;
    this.log = log;
  }

  /** What can happen, with what is told of it. */
  enum Step {
    ASKED("caller asks for %d tokens of a prompt of %d"),
    ROUTED("gateway routes"),
    PARKED("gateway lets it wait"),
    STARTED("gateway starts an attempt on backend-%d from token %d"),
    TAKEN("backend-%d takes it, from token %d"),
    TURNED_AWAY("backend-%d turns it away: %s"),
    SAID("backend-%d says token %d"),
    BACKEND_DONE("backend-%d has said all %d tokens"),
    HEARD("gateway hears tokens %d + %d"),
    DELIVERED("caller gets tokens %d + %d"),
    DROPPED("gateway drops tokens %d + %d"),
    GATEWAY_HEARS_END("gateway hears that the answer has %d tokens"),
    GATEWAY_HEARS_FAILURE("gateway hears of a failure of backend-%d: %s"),
    CANCELLED("gateway cancels it on backend-%d"),
    CHOOSING("gateway looks for another, from token %d"),
    WOKEN("gateway looks at it, %d tokens delivered"),
    COMPLETE("caller hears that the answer is complete, with %d tokens"),
    FAILED("caller hears that it failed, with %d tokens: %s"),
    LEFT("caller leaves, with %d tokens"),
    KILL("backend-%d dies, for %d ms"),
    FAULT("backend-%d: %s"),
    INCIDENT("for %d ms: %s"),
    QUIET("nothing goes wrong any more");

    private final String text;

    Step(String text) {
      this.text = text;
    }
  }

  /** Notes what happened to attempt {@code attempt} of request {@code request}; 0: to none. */
  void note(Step step, long request, int attempt, long first, long second) {
    fold(step, request, attempt, first, second);
    if (log != null) {
      tell(request, attempt, String.format(Locale.ROOT, step.text, first, second));
    }
  }

  /** Notes the same with a name for its detail. */
  void note(Step step, long request, int attempt, long first, Enum<?> second) {
    fold(step, request, attempt, first, second.name().hashCode());
    if (log != null) {
      tell(request, attempt, String.format(Locale.ROOT, step.text, first, second));
    }
  }

  private void fold(Step step, long request, int attempt, long first, long second) {
    hash = Hash.fold(hash, agenda.nowNanos());
    hash = Hash.fold(hash, ((long) step.name().hashCode() << 32) ^ (request << 8) ^ attempt);
    hash = Hash.fold(hash, (first << 32) ^ second);
  }

  /** Tells more of what was just noted, if anybody listens. */
  void add(long request, int attempt, Object detail) {
    if (log != null) {
      tell(request, attempt, "  " + detail);
    }
  }

  private void tell(long request, int attempt, String what) {
    Consumer<String> listener = log;
    if (listener != null) {
      listener.accept(
          String.format(
              Locale.ROOT,
              "%12.6f s  %-8s %s",
              agenda.nowNanos() / 1e9,
              request == 0 ? "" : "#" + request + (attempt == 0 ? "" : "." + attempt),
              what));
    }
  }

  /** One number for all of it: equal for equal runs. */
  long hash() {
    return hash;
  }
}
