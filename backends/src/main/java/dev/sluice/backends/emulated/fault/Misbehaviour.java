package dev.sluice.backends.emulated.fault;

import io.grpc.Status;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One way to fail a caller.
 *
 * <p>Counts and positions are of the tokens of one call, from 0, whatever index its first token
 * has. {@code toString} gives the text that {@link MisbehaviourText} reads.
 */
public sealed interface Misbehaviour {

  private static void requireCount(String name, int tokens) {
    if (tokens < 0) {
      throw new IllegalArgumentException(name + ": " + tokens + " (expected: >= 0)");
    }
  }

  private static void requirePositive(String name, Duration length) {
    if (!length.isPositive()) {
      throw new IllegalArgumentException(name + ": " + length + " (expected: above 0)");
    }
  }

  private static void requireError(Status.Code code) {
    if (code == Status.Code.OK) {
      throw new IllegalArgumentException("code: OK (expected: an error)");
    }
  }

  /**
   * Refuses the call before anything else.
   *
   * @param pushback how long to leave the server alone; below 0 for ever; null: it does not say
   */
  record Refuse(Status.Code code, @Nullable Duration pushback) implements Misbehaviour {
    public Refuse {
      requireError(code);
    }

    @Override
    public String toString() {
      String text = "refuse=" + code;
      if (pushback == null) {
        return text;
      }
      return text + "/" + (pushback.isNegative() ? "never" : MisbehaviourText.span(pushback));
    }
  }

  /** Takes the call and says nothing, ever. */
  record Silent() implements Misbehaviour {
    @Override
    public String toString() {
      return "silent";
    }
  }

  /** Holds the first token back; what waits behind it leaves with it. */
  record Late(Duration delay) implements Misbehaviour {
    public Late {
      requirePositive("late", delay);
    }

    @Override
    public String toString() {
      return "late=" + MisbehaviourText.span(delay);
    }
  }

  /** Stretches the time from the call's arrival to each event. */
  record Slow(double factor) implements Misbehaviour {
    /** Beyond it nobody waits for the answer. */
    static final double GREATEST = 1_000;

    public Slow {
      if (!(factor > 1 && factor <= GREATEST)) {
        throw new IllegalArgumentException("slow: " + factor + " (expected: above 1 to 1000)");
      }
    }

    @Override
    public String toString() {
      return "slow=" + factor;
    }
  }

  /** Sends one token, then waits at least {@code interval} before the next. */
  record Drip(Duration interval) implements Misbehaviour {
    public Drip {
      requirePositive("drip", interval);
    }

    @Override
    public String toString() {
      return "drip=" + MisbehaviourText.span(interval);
    }
  }

  /** Falls silent after so many tokens; after 0 the answer is begun and no token follows. */
  record StallAfter(int tokens) implements Misbehaviour {
    public StallAfter {
      requireCount("stall-after", tokens);
    }

    @Override
    public String toString() {
      return "stall-after=" + tokens;
    }
  }

  /** Kills the whole process with SIGKILL after so many tokens. */
  record DieAfter(int tokens) implements Misbehaviour {
    public DieAfter {
      requireCount("die-after", tokens);
    }

    @Override
    public String toString() {
      return "die-after=" + tokens;
    }
  }

  /** Ends the call with an error after so many tokens. */
  record FailAfter(int tokens, Status.Code code) implements Misbehaviour {
    public FailAfter {
      requireCount("fail-after", tokens);
      requireError(code);
    }

    @Override
    public String toString() {
      return "fail-after=" + tokens + "/" + code;
    }
  }

  /** Ends the call as if all were well, with at most so many tokens and without Finished. */
  record CutShort(int tokens) implements Misbehaviour {
    public CutShort {
      requireCount("short", tokens);
    }

    @Override
    public String toString() {
      return tokens == Integer.MAX_VALUE ? "short" : "short=" + tokens;
    }
  }

  /** Says in Finished that there were so many tokens more than were sent. */
  record Overclaim(int tokens) implements Misbehaviour {
    public Overclaim {
      requireCount("overclaim", tokens - 1);
    }

    @Override
    public String toString() {
      return "overclaim=" + tokens;
    }
  }

  /** Sends a token twice. */
  record Duplicate(int token) implements Misbehaviour {
    public Duplicate {
      requireCount("duplicate", token);
    }

    @Override
    public String toString() {
      return "duplicate=" + token;
    }
  }

  /** Leaves a token out. */
  record Gap(int token) implements Misbehaviour {
    public Gap {
      requireCount("gap", token);
    }

    @Override
    public String toString() {
      return "gap=" + token;
    }
  }

  /** Sends a message that is none in place of a token. */
  record Garbage(int token) implements Misbehaviour {
    public Garbage {
      requireCount("garbage", token);
    }

    @Override
    public String toString() {
      return "garbage=" + token;
    }
  }

  /** Says GOAWAY on every connection after so many tokens, and takes new ones at once. */
  record GoAway(int tokens) implements Misbehaviour {
    public GoAway {
      requireCount("goaway", tokens);
    }

    @Override
    public String toString() {
      return "goaway=" + tokens;
    }
  }

  /** Refuses calls for a period, serves for the next, and so on, refusing first. */
  record Flap(Duration period) implements Misbehaviour {
    public Flap {
      requirePositive("flap", period);
    }

    @Override
    public String toString() {
      return "flap=" + MisbehaviourText.span(period);
    }
  }
}
