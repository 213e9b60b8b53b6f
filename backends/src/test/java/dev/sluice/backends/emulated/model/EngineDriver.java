package dev.sluice.backends.emulated.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** Drives an engine by its own events and keeps what it tells, checking what it promises. */
final class EngineDriver implements EngineListener {

  final Engine engine;
  final List<String> trace = new ArrayList<>();
  private long nextId;
  private long nowNanos;

  EngineDriver(Engine engine) {
    this.engine = engine;
  }

  long nowNanos() {
    return nowNanos;
  }

  /** Submits at the present instant. */
  Sequence submit(int promptTokens, int outputTokens, long... blockHashes) {
    Sequence sequence = new Sequence(nextId++, promptTokens, outputTokens, blockHashes);
    submit(sequence);
    return sequence;
  }

  void submit(Sequence sequence) {
    engine.submit(sequence, nowNanos);
  }

  /** Advances to {@code nanos}, at once. */
  void runTo(long nanos) {
    nowNanos = nanos;
    engine.advanceTo(nanos, this);
  }

  /** Advances to the next token or event. */
  void step() {
    runTo(engine.nextTokenNanos());
  }

  /** Advances from event to event until nothing is left to do. */
  void runToEnd() {
    while (engine.nextEventNanos() != Engine.NEVER) {
      runTo(engine.nextEventNanos());
    }
  }

  @Override
  public void admitted(Sequence sequence, long atNanos) {
    record("admitted", sequence, atNanos);
  }

  @Override
  public void firstToken(Sequence sequence, long atNanos) {
    assertThat(engine.tokens(sequence)).isEqualTo(1);
    record("first", sequence, atNanos);
  }

  @Override
  public void preempted(Sequence sequence, long atNanos) {
    record("preempted", sequence, atNanos);
  }

  @Override
  public void finished(Sequence sequence, long atNanos) {
    assertThat(engine.tokens(sequence)).isEqualTo(sequence.outputTokens());
    assertThat(sequence.endedNanos()).isEqualTo(atNanos);
    record("finished", sequence, atNanos);
  }

  private void record(String event, Sequence sequence, long atNanos) {
    assertThat(atNanos).isLessThanOrEqualTo(nowNanos);
    trace.add(event + " " + sequence.id() + " " + atNanos);
  }

  /** How many events of this kind were told of {@code sequence}. */
  long count(String event, Sequence sequence) {
    return trace.stream().filter(e -> e.startsWith(event + " " + sequence.id() + " ")).count();
  }
}
