package dev.sluice.backends.emulated;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendCall;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.BackendFailure.Rejected.Kind;
import dev.sluice.backends.Embedding;
import dev.sluice.backends.Generation;
import dev.sluice.backends.LoadReport;
import dev.sluice.backends.OnePiece;
import dev.sluice.backends.PromptLength;
import dev.sluice.backends.TokenSink;
import dev.sluice.backends.emulated.model.Engine;
import dev.sluice.backends.emulated.model.EngineListener;
import dev.sluice.backends.emulated.model.EngineLoad;
import dev.sluice.backends.emulated.model.Sequence;
import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An emulated accelerator in this process: an {@link Engine} in real time, whose tokens are {@link
 * EmulatedText}.
 *
 * <p>An answer has {@code terms.expectedOutputTokens} tokens if that is set, else as many as {@link
 * EmulatedText#length()} says; both are cut at {@code sampling.maxOutputTokens} and at the end of
 * the context, and then end with LENGTH instead of STOP.
 *
 * <p>{@link #start} works out the answer on the caller's thread and hands over to the {@link
 * EngineClock}, whose thread alone touches engine and streams. The engine runs at its pace whether
 * or not sinks ask: a slow sink delays nobody, and what it has not asked for is a number.
 */
final class EmulatedBackend implements Backend, EngineClock.Member {

  private static final Logger logger = LoggerFactory.getLogger(EmulatedBackend.class);

  private static final EngineListener NO_LISTENER = new EngineListener() {};
  private static final LoadReport IDLE = new LoadReport(0, 0, 0, 0);

  private final String id;
  private final Profile profile;
  private final long maxWaiting;
  private final int contextTokens;
  private final EngineClock clock;
  private final EngineClock.Registration registration;
  private final AtomicLong ids = new AtomicLong();

  private volatile LoadReport load = IDLE;
  private volatile boolean closed;

  // the clock's thread only
  private final Engine engine;
  private final List<Running> streams = new ArrayList<>();

  /**
   * A backend that follows {@code clock}.
   *
   * @param maxWaiting most generations that wait for a place in the engine
   */
  EmulatedBackend(String id, Profile profile, Engine engine, long maxWaiting, EngineClock clock) {
    this.id = id;
    this.profile = profile;
    this.engine = engine;
    this.maxWaiting = maxWaiting;
    this.clock = clock;
    this.contextTokens = Math.min(profile.contextTokens(), engine.longestSequenceTokens());
    this.registration = clock.register(this);
  }

  @Override
  public BackendCall start(Generation generation, TokenSink sink) {
    if (profile.deployment().embeds()) {
      return OnePiece.failed(
          sink,
          new BackendFailure.Rejected(
              Kind.MISCONFIGURED, 0, id + ": embeds and does not generate (expected: Embed)"));
    }
    int counted = PromptLength.tokens(generation.prompt());
    int promptTokens = Math.max(1, counted);
    // an answer has at least one token, also one that is refused below
    Answer answer = Answer.to(generation, Math.max(1, contextTokens - promptTokens));
    // what was said elsewhere is processed like a prompt; of an answer that lacks nothing but its
    // end one token is computed and kept
    int said = generation.progress().tokens();
    int known = Math.min(said, answer.tokens() - 1);
    Sequence sequence =
        new Sequence(
            ids.getAndIncrement(),
            promptTokens + known,
            answer.tokens() - known,
            blockHashes(generation));
    String misfit =
        answer.goesOnFrom(generation.progress())
            ? tooLong(sequence.promptTokens())
            : "progress: not the beginning of this model's answer";
    EmulatedStream stream =
        new EmulatedStream(
            this, answer, new EmulatedStream.Input(counted, said, known, misfit), sequence, sink);
    registration.execute(() -> admit(stream));
    return stream;
  }

  @Override
  public BackendCall embed(Embedding embedding, TokenSink sink) {
    int longest = profile.deployment().dimensions();
    if (longest == 0) {
      return Backend.super.embed(embedding, sink);
    }
    EmulatedEmbedding running =
        new EmulatedEmbedding(
            this, embedding, new EmulatedEmbedding.Limits(longest, contextTokens), ids, sink);
    registration.execute(() -> admit(running));
    return running.call();
  }

  /** Why a prompt leaves no room for an answer; empty when it does. */
  private String tooLong(int promptTokens) {
    return promptTokens < contextTokens
        ? ""
        : "prompt tokens: " + promptTokens + " (expected: < " + contextTokens + ")";
  }

  private long[] blockHashes(Generation generation) {
    return switch (profile.service()) {
      case Service.Batch batch when batch.limits().prefixCache() ->
          PromptBlocks.of(generation.prompt(), batch.limits().blockTokens());
      case Service.Batch _, Service.Slots _ -> new long[0];
    };
  }

  @Override
  public Optional<LoadReport> load() {
    return Optional.of(load);
  }

  @Override
  public boolean reachable() {
    return !closed;
  }

  @Override
  public void close() {
    closed = true;
    registration.execute(() -> failAll(new BackendFailure.Broke(id + ": closed")));
  }

  /** Serves a stream that asked for more while tokens were waiting. */
  void creditCame(EmulatedStream stream) {
    clock.execute(
        () -> {
          if (stream.deliver(engine)) {
            streams.remove(stream);
          }
        });
  }

  /** Takes a request out whose caller cancelled it. */
  void cancelled(Running running) {
    registration.execute(
        () -> {
          if (streams.remove(running)) {
            engine.advanceTo(clock.runNowNanos(), NO_LISTENER);
            for (Sequence sequence : running.sequences()) {
              engine.cancel(sequence, clock.runNowNanos());
            }
          }
        });
  }

  private void admit(Running running) {
    if (running.isCancelled()) {
      return;
    }
    if (closed) {
      running.fail(new BackendFailure.NeverSent(id + ": closed"));
      return;
    }
    if (!running.misfit().isEmpty()) {
      running.fail(new BackendFailure.Rejected(Kind.INVALID, 0, id + ": " + running.misfit()));
      return;
    }
    engine.advanceTo(clock.runNowNanos(), NO_LISTENER);
    EngineLoad now = engine.load();
    // no sum with the limit, which may be as large as a number can be
    if ((long) now.running() + now.waiting() - engine.capacity() >= maxWaiting) {
      running.fail(
          new BackendFailure.Rejected(
              Kind.OVERLOADED, 0, id + ": " + now.waiting() + " generations are waiting"));
      return;
    }
    for (Sequence sequence : running.sequences()) {
      engine.submit(sequence, clock.runNowNanos());
    }
    streams.add(running);
  }

  @Override
  public long run(long nowNanos) {
    if (closed) {
      return EngineClock.NEVER;
    }
    try {
      engine.advanceTo(nowNanos, NO_LISTENER);
      EngineLoad now = engine.load();
      load =
          new LoadReport(
              now.running(), now.waiting(), now.pendingPrefillTokens(), now.memoryUsedRatio());
      deliver();
      return engine.nextTokenNanos();
    } catch (RuntimeException e) {
      logger.error("{} broke", this, e);
      closed = true;
      failAll(new BackendFailure.Broke(id + ": internal error"));
      return EngineClock.NEVER;
    }
  }

  private void deliver() {
    boolean anyEnded = false;
    for (Running stream : streams) {
      anyEnded |= stream.deliver(engine);
    }
    if (anyEnded) {
      streams.removeIf(Running::hasEnded);
    }
  }

  private void failAll(BackendFailure failure) {
    for (Running stream : streams) {
      stream.fail(failure);
    }
    streams.clear();
    load = IDLE;
  }

  @Override
  public String toString() {
    return "EmulatedBackend[" + id + ", " + profile.name() + ", " + load + "]";
  }
}
