package dev.sluice.backends.emulated.model;

import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Service;

/**
 * An engine whose sequences move through a pipeline without feeling each other (LPU, wafer): a slot
 * gives tokens at a constant pace, and who finds no slot waits for one, first come, first served.
 *
 * @implNote A heap orders running sequences by their next change, first token or last; the tokens
 *     in between follow from the pace. Noise draws one pace per sequence.
 */
final class SlotEngine implements Engine {

  private final Service.Slots service;
  private final StepNoise noise;
  private final int longestSequenceTokens;
  private final EnergyMeter energy;

  private final WaitingLine line;
  private final SequenceList running = new SequenceList();
  private final SequenceHeap byNextChange = new SequenceHeap();

  private int decoding;

  /** Tokens of the prompts that are being processed. */
  private long prefillTokens;

  private long nowNanos;
  private long meteredNanos;

  SlotEngine(Profile profile, Service.Slots service, StepNoise noise, long startNanos) {
    if (service.slots() < 1) {
      throw new IllegalArgumentException("slots: " + service.slots() + " (expected: >= 1)");
    }
    if (!(service.tokenNanos() > 0)) {
      throw new IllegalArgumentException(
          "tokenNanos: " + service.tokenNanos() + " (expected: > 0)");
    }
    this.service = service;
    this.noise = noise;
    this.line = new WaitingLine((long) profile.overheadNanos());
    this.longestSequenceTokens = profile.contextTokens();
    this.energy = new EnergyMeter(profile.energy(), startNanos);
    this.nowNanos = startNanos;
    this.meteredNanos = startNanos;
  }

  @Override
  public void submit(Sequence sequence, long nowNanos) {
    line.submit(sequence, longestSequenceTokens, nowNanos);
  }

  @Override
  public void cancel(Sequence sequence, long nowNanos) {
    if (sequence.cancelled || sequence.place == Sequence.Place.ENDED) {
      return;
    }
    sequence.tokensBefore = tokens(sequence);
    sequence.cancelled = true;
    this.nowNanos = Math.max(this.nowNanos, nowNanos);
    meter(this.nowNanos);
    switch (sequence.place) {
      case ARRIVING, WAITING -> line.remove(sequence);
      case PREFILLING, DECODING -> leaveSlot(sequence, nowNanos);
      case NEW, ENDED -> throw new IllegalStateException(sequence + " (expected: submitted)");
    }
    sequence.place = Sequence.Place.ENDED;
    sequence.endedNanos = nowNanos;
  }

  private void leaveSlot(Sequence sequence, long atNanos) {
    running.remove(sequence);
    byNextChange.remove(sequence);
    if (sequence.place == Sequence.Place.DECODING) {
      decoding--;
      energy.endDecoding(sequence, (atNanos - sequence.firstTokenNanos) / service.tokenNanos());
    } else {
      prefillTokens -= sequence.promptTokens();
    }
    if (running.isEmpty()) {
      energy.beginIdle(atNanos);
    }
  }

  @Override
  public long nextEventNanos() {
    boolean slotFree = running.size() < service.slots();
    if (slotFree && line.first() != null) {
      return nowNanos;
    }
    Sequence changing = byNextChange.first();
    return Math.min(changing == null ? NEVER : changing.heapKey, line.nextArrivalNanos());
  }

  @Override
  public long nextTokenNanos() {
    long due = nextEventNanos();
    for (Sequence s = running.first(); s != null; s = s.next) {
      if (s.place == Sequence.Place.DECODING) {
        due = Math.min(due, tokenAtNanos(s, tokens(s)));
      }
    }
    return due;
  }

  @Override
  public void advanceTo(long nowNanos, EngineListener listener) {
    for (long due = nextEventNanos(); due <= nowNanos; due = nextEventNanos()) {
      this.nowNanos = Math.max(this.nowNanos, due);
      meter(due);
      endChanges(due, listener);
      line.takeArrivals(due);
      admit(due, listener);
    }
    this.nowNanos = Math.max(this.nowNanos, nowNanos);
  }

  private void endChanges(long atNanos, EngineListener listener) {
    Sequence sequence = byNextChange.first();
    while (sequence != null && sequence.heapKey <= atNanos) {
      if (sequence.place == Sequence.Place.PREFILLING) {
        beginDecoding(sequence, atNanos);
        listener.firstToken(sequence, atNanos);
      } else {
        leaveSlot(sequence, atNanos);
        sequence.place = Sequence.Place.ENDED;
        sequence.endedNanos = atNanos;
        listener.finished(sequence, atNanos);
      }
      sequence = byNextChange.first();
    }
  }

  private void beginDecoding(Sequence sequence, long atNanos) {
    prefillTokens -= sequence.promptTokens();
    sequence.place = Sequence.Place.DECODING;
    sequence.firstTokenNanos = atNanos;
    decoding++;
    energy.beginDecoding(sequence);
    byNextChange.remove(sequence);
    byNextChange.add(sequence, tokenAtNanos(sequence, sequence.outputTokens() - 1));
  }

  private void admit(long atNanos, EngineListener listener) {
    Sequence sequence = line.first();
    while (sequence != null && running.size() < service.slots()) {
      line.remove(sequence);
      prefillTokens += sequence.promptTokens();
      running.addLast(sequence);
      sequence.place = Sequence.Place.PREFILLING;
      sequence.admittedNanos = atNanos;
      double factor = noise.next();
      sequence.paceNanos = service.tokenNanos() * factor;
      double prefillNanos =
          service.fillNanos() + sequence.promptTokens() * service.perPromptTokenNanos();
      byNextChange.add(sequence, atNanos + (long) (prefillNanos * factor));
      energy.endIdle(atNanos);
      energy.prefilled(sequence, sequence.promptTokens());
      listener.admitted(sequence, atNanos);
      sequence = line.first();
    }
  }

  /** Books the tokens decoded since the last change; with B sequences, B tokens per token time. */
  private void meter(long nowNanos) {
    energy.decoded((nowNanos - meteredNanos) / service.tokenNanos(), decoding);
    meteredNanos = nowNanos;
  }

  /** When token {@code index}, from 0, of a decoding sequence is out. */
  private static long tokenAtNanos(Sequence sequence, int index) {
    return sequence.firstTokenNanos + (long) (index * sequence.paceNanos);
  }

  @Override
  public int tokens(Sequence sequence) {
    if (sequence.cancelled) {
      return sequence.tokensBefore;
    }
    return switch (sequence.place) {
      case DECODING -> decodedTokens(sequence);
      case ENDED -> sequence.outputTokens();
      case NEW, ARRIVING, WAITING, PREFILLING -> 0;
    };
  }

  private int decodedTokens(Sequence sequence) {
    double paces = (nowNanos - sequence.firstTokenNanos) / sequence.paceNanos;
    int tokens = (int) Math.min(paces, sequence.outputTokens() - 1.0) + 1;
    // the division may fall short by a rounding: the instants of the tokens decide
    while (tokens < sequence.outputTokens() && tokenAtNanos(sequence, tokens) <= nowNanos) {
      tokens++;
    }
    return tokens;
  }

  @Override
  public EngineLoad load() {
    return new EngineLoad(
        running.size(),
        line.size(),
        line.promptTokens() + prefillTokens,
        (double) running.size() / service.slots());
  }

  @Override
  public EnergyUse energy() {
    return energy.use(nowNanos);
  }

  @Override
  public int capacity() {
    return service.slots();
  }

  @Override
  public int longestSequenceTokens() {
    return longestSequenceTokens;
  }

  @Override
  public String toString() {
    return "SlotEngine["
        + running.size()
        + " of "
        + service.slots()
        + " slots, "
        + line.size()
        + " waiting]";
  }
}
