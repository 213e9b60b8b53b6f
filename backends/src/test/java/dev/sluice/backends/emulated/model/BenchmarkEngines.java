package dev.sluice.backends.emulated.model;

import dev.sluice.backends.profile.Profile;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/** Measures how many requests per CPU second the engines simulate in virtual time. */
final class BenchmarkEngines {

  private static final int REQUESTS = 300_000;

  /** Mean prompt and answer of the conversation trace of Azure 2023, roughly. */
  private static final int MEAN_PROMPT_TOKENS = 1_155;

  private static final int MEAN_OUTPUT_TOKENS = 211;

  private BenchmarkEngines() {}

  /** Prints the figures. */
  public static void main(String[] arguments) {
    for (int round = 0; round < 2; round++) {
      print("batch, B ~ 2", ProfileFixtures.h100x4Llama70b(), 2_000, 0, false);
      print("batch, B ~ 20", ProfileFixtures.h100x4Llama70b(), 200, 0, false);
      print("batch, B ~ 20, prefixes", ProfileFixtures.h100x4Llama70b(), 200, 0, true);
      print("batch, B ~ 20, noise", ProfileFixtures.h100x4Llama70b(), 200, 0.03, false);
      print("batch, B ~ 2, noise", ProfileFixtures.h100x4Llama70b(), 2_000, 0.03, false);
      print("slots", ProfileFixtures.lpuLlama70b(), 20, 0, false);
    }
  }

  private static void print(
      String name, Profile profile, int gapMillis, double noise, boolean prefixes) {
    double perSecond = requestsPerCpuSecond(profile, REQUESTS, gapMillis, noise, prefixes);
    System.out.printf("%-26s %,12.0f requests per CPU second%n", name, perSecond);
  }

  static double requestsPerCpuSecond(
      Profile profile, int requests, int meanGapMillis, double noise, boolean prefixes) {
    SplittableRandom random = new SplittableRandom(1);
    Engine engine = Engine.of(profile, StepNoise.of(noise, random.split()), 0);
    Count count = new Count();
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    long nowNanos = 0;
    for (int i = 0; i < requests; i++) {
      nowNanos += (long) (random.nextExponential() * meanGapMillis * 1e6);
      runTo(engine, nowNanos, count);
      engine.submit(sequence(i, prefixes, random), nowNanos);
    }
    runTo(engine, Engine.NEVER - 1, count);
    if (count.finished != requests) {
      throw new IllegalStateException(
          "finished: " + count.finished + " (expected: " + requests + ")");
    }
    long cpuNanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
    return requests * 1e9 / cpuNanos;
  }

  private static void runTo(Engine engine, long untilNanos, Count count) {
    long next = engine.nextEventNanos();
    while (next <= untilNanos) {
      engine.advanceTo(next, count);
      next = engine.nextEventNanos();
    }
  }

  private static Sequence sequence(int id, boolean prefixes, SplittableRandom random) {
    int prompt = 1 + (int) (random.nextExponential() * MEAN_PROMPT_TOKENS) % 8_000;
    int output = 1 + (int) (random.nextExponential() * MEAN_OUTPUT_TOKENS) % 4_000;
    if (!prefixes) {
      return new Sequence(id, prompt, output);
    }
    long family = random.nextInt(50) * 1_000_000L;
    return new Sequence(
        id, prompt, output, LongStream.range(family, family + prompt / 16).toArray());
  }

  private static final class Count implements EngineListener {
    private int finished;

    @Override
    public void finished(Sequence sequence, long atNanos) {
      finished++;
    }
  }
}
