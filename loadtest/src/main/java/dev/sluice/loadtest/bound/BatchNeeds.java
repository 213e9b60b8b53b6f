package dev.sluice.loadtest.bound;

import dev.sluice.backends.profile.Service;
import java.util.List;

/**
 * Needs on a batch engine.
 *
 * @implNote What is charged to the requests of a step never exceeds the step's length, so that
 *     charges add up to at most the time that the replicas have. All steps below are those of
 *     {@link dev.sluice.backends.emulated.model.Engine} without noise; the proof rests on these
 *     facts.
 *     <ol>
 *       <li>A step with B decoding sequences, K key-value tokens and C prompt tokens takes at least
 *           {@code a + b·B + g·K + π·C} and at least {@code h0 + h1·B}. Engines round down to whole
 *           nanoseconds once per step or more rarely; a and h0 stand for the profile's less 1 ns.
 *       <li>{@code B + C <= chunk}: prompts get what the decoding sequences leave of the chunk, and
 *           a sequence that begins to decode had at least one of the C tokens of the step before,
 *           so that B never outgrows the chunk either. {@code B <= M}, the lesser of chunk and most
 *           sequences.
 *       <li>A request of p prompt tokens has at least {@code P = p - h} of them computed between
 *           its arrival and its first token, in {@code ceil(P/chunk)} steps or more; h is what the
 *           caller vouches for, in whole blocks, and leaves at least one token.
 *       <li>Token i + 1, i = 1 … n with n = o - 1, comes in one of two ways. <em>Decoded</em>: in a
 *           step of its own that reads p + i tokens. <em>Anew</em>, after a preemption: the step
 *           that begins without the sequence is not its own and others decode in it, later steps
 *           compute {@code u_i} tokens of which the last yields token i + 1. Found in the cache are
 *           at most the full blocks of the prompt: {@code u_i >= i + p mod block}, and {@code p +
 *           i} without a cache. So it takes at least {@code 2a + b + π·u_i} and {@code 2·h0 + h1}.
 *           All this lies between first and last token, and the steps of different i are different.
 *     </ol>
 *     <b>Charges.</b> Let θ be the host's share and f the decode share of a {@link Sharing}. The
 *     step is at least {@code (1-θ)(a + b·B + g·K + π·C) + θ(h0 + h1·B)}. Charge each prompt token
 *     {@code (1-θ)π + e}, {@code e = (1-θ)(1-f)a/chunk}, and a sequence that decodes over k tokens
 *     {@code (1-θ)(b + g·k) + θ·h1 + e + s/B}, {@code s = f(1-θ)a + θ·h0}. By fact 2 the e sum to
 *     at most {@code (1-θ)(1-f)a}, so the sum is at most the step. Charges lie within the step,
 *     which lies within the window of the request's prompt or of its answer.
 *     <p><b>Prompt.</b> By fact 3 at least {@code P((1-θ)π + e)}.
 *     <p><b>Answer.</b> By fact 4 the sum over i of the cheaper of the two ways, where {@code s/B}
 *     is still to be bounded from below. Flat: B is at most M. Jensen: let D be the most time
 *     between first and last token that keeps the budget. 1/B is convex, so for every {@code x >
 *     0}: {@code 1/B >= 2/x - B/x²}. The decoding steps i and what is computed anew fit into D, so
 *     {@code Σ B <= (D - Σ_decoded (a + g(p+i)) - Σ_anew (2a + b + π·u_i)) / b}. Put together, with
 *     {@code κ = s/(b·x²)}: at least {@code -κD} plus the sum over i of the cheaper of {@code
 *     charge + 2s/x + κ(a + g(p+i))} and {@code charge + κ(2a + b + π·u_i)}. With the host's line
 *     {@code h0 + h1·B} in place of the engine's the same holds. Best is x = the mean batch that D
 *     leaves room for; then, with nothing computed anew, the share is Jensen's {@code n·s/x}. Each
 *     bound is valid, so the largest is taken. Both ways are linear in i: the sum has a closed
 *     form.
 *     <p>Gives up: steps without decoding sequences bear no a unless tokens do; memory is no
 *     constraint; that a batch reads the others' key-value tokens does not shrink x.
 */
final class BatchNeeds implements PoolNeeds {

  /** What the engines' rounding to whole nanoseconds takes from a step at most. */
  private static final double ROUNDING_NANOS = 1;

  private final BoundPool pool;
  private final Service.BatchLimits limits;

  /** M. */
  private final int mostDecoding;

  private final List<Sharing> ways;
  private final double stepNanos;
  private final double perSequenceNanos;
  private final double perKvTokenNanos;
  private final double perPromptTokenNanos;
  private final double hostNanos;
  private final double hostPerSequenceNanos;

  BatchNeeds(BoundPool pool, Service.Batch service) {
    this.pool = pool;
    this.limits = service.limits();
    this.mostDecoding = Math.min(limits.maxSequences(), limits.chunkTokens());
    this.ways = Sharing.of(service);
    this.stepNanos = service.stepNanos() - ROUNDING_NANOS;
    this.perSequenceNanos = service.perSequenceNanos();
    this.perKvTokenNanos = service.perKvTokenNanos();
    this.perPromptTokenNanos = service.perPromptTokenNanos();
    this.hostNanos = Math.max(0, service.hostFloor().baseNanos() - ROUNDING_NANOS);
    this.hostPerSequenceNanos = hostNanos == 0 ? 0 : service.hostFloor().perSequenceNanos();
  }

  @Override
  public boolean measure(BoundProblem problem, int request, Need need) {
    int prompt = problem.promptTokens(request);
    int output = problem.outputTokens(request);
    if (prompt + output > pool.longestTokens()) {
      return false;
    }
    int fresh = prompt - cachedTokens(prompt, problem.cachedTokensAtMost(request));
    int steps = output - 1;
    long ready = problem.arrivalNanos(request) + (long) pool.overheadNanos();
    long promptNanos = (long) soloPromptNanos(fresh);
    long answerNanos = (long) soloAnswerNanos(prompt, steps);
    long span = need.setInstants(problem, request, ready, promptNanos, answerNanos);
    if (span < 0) {
      return false;
    }
    for (int i = 0; i < ways.size(); i++) {
      Charge charge = new Charge(ways.get(i), prompt, steps);
      need.setWork(i, charge.perToken * fresh, charge.answerNanos(span));
    }
    return true;
  }

  private int cachedTokens(int prompt, int cachedAtMost) {
    int block = limits.blockTokens();
    return limits.prefixCache() ? Math.min(cachedAtMost, prompt - 1) / block * block : 0;
  }

  /** Tokens computed anew for token 2, less 1; each later token adds one. */
  private int anewTokens(int prompt) {
    return limits.prefixCache() ? prompt % limits.blockTokens() : prompt;
  }

  private double soloPromptNanos(int fresh) {
    int steps = (fresh + limits.chunkTokens() - 1) / limits.chunkTokens();
    return Math.max(steps * stepNanos + perPromptTokenNanos * fresh, steps * hostNanos);
  }

  private double soloAnswerNanos(int prompt, int steps) {
    double work =
        Line.sumOfLess(
            steps,
            new Line(stepNanos + perSequenceNanos + perKvTokenNanos * prompt, perKvTokenNanos),
            anewLine(prompt));
    return Math.max(work, steps * (hostNanos + hostPerSequenceNanos));
  }

  /** Least time for token i + 1 when it is computed anew, over i. */
  private Line anewLine(int prompt) {
    return new Line(
        2 * stepNanos + perSequenceNanos + perPromptTokenNanos * anewTokens(prompt),
        perPromptTokenNanos);
  }

  /** What one way of sharing charges one request. */
  private final class Charge {

    private final int prompt;
    private final int steps;

    /** s: what the decoding sequences of a step share. */
    private final double shared;

    /** Of each prompt token. */
    final double perToken;

    /** Of a decoded token besides its part of s, over i. */
    private final Line decoded;

    /** Of a token computed anew, over i. */
    private final Line anew;

    Charge(Sharing way, int prompt, int steps) {
      double work = 1 - way.hostShare();
      double byToken = work * (1 - way.decodeShare()) * stepNanos / limits.chunkTokens();
      this.prompt = prompt;
      this.steps = steps;
      shared = way.decodeShare() * work * stepNanos + way.hostShare() * hostNanos;
      perToken = work * perPromptTokenNanos + byToken;
      decoded =
          new Line(
              work * (perSequenceNanos + perKvTokenNanos * prompt)
                  + way.hostShare() * hostPerSequenceNanos
                  + byToken,
              work * perKvTokenNanos);
      anew = new Line(perToken * anewTokens(prompt), perToken);
    }

    double answerNanos(long spanNanos) {
      Line flat = decoded.plus(shared / mostDecoding, 0);
      double least = Line.sumOfLess(steps, flat, anew);
      if (steps == 0 || shared == 0 || spanNanos >= BoundProblem.UNLIMITED / 2) {
        return least;
      }
      double byWork =
          jensen(
              spanNanos,
              perSequenceNanos,
              new Line(stepNanos + perKvTokenNanos * prompt, perKvTokenNanos),
              anewLine(prompt));
      double byHost =
          jensen(
              spanNanos,
              hostPerSequenceNanos,
              new Line(hostNanos, 0),
              new Line(2 * hostNanos + hostPerSequenceNanos, 0));
      return Math.max(least, Math.max(byWork, byHost));
    }

    /** The bound by Jensen for one of the two lines of a step's length; 0 where it says nothing. */
    private double jensen(long spanNanos, double perSequence, Line ownStep, Line anewTime) {
      double room = ((double) spanNanos - ownStep.sum(1, steps)) / steps;
      if (perSequence == 0 || room >= perSequence * mostDecoding) {
        return 0;
      }
      double batch = Math.max(1, room / perSequence);
      double kappa = shared / (perSequence * batch * batch);
      Line decode =
          decoded.plus(2 * shared / batch + kappa * ownStep.base(), kappa * ownStep.slope());
      Line again = anew.plus(kappa * anewTime.base(), kappa * anewTime.slope());
      return Line.sumOfLess(steps, decode, again) - kappa * spanNanos;
    }
  }
}
