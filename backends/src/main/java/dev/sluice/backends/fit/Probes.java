package dev.sluice.backends.fit;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Completion;
import dev.sluice.backends.Generation;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.Sampling;
import dev.sluice.backends.TokenChunk;
import dev.sluice.backends.TokenSink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Asks an engine and takes the time. Prompts are random words, so that no cache knows them. */
final class Probes {

  private static final String[] WORDS = {
    "river", "stone", "cloud", "paper", "green", "seven", "market", "window", "silver", "garden",
    "engine", "summer", "letter", "bridge", "yellow", "planet", "button", "forest", "number",
        "candle"
  };

  private static final long MOST_MINUTES = 5;
  private static final int ALL_CHUNKS = 1 << 20;

  private final Backend backend;
  private final String model;
  private final RandomGenerator random;
  private final LongSupplier clock;
  private int asked;

  Probes(Backend backend, String model, RandomGenerator random, LongSupplier clock) {
    this.backend = backend;
    this.model = model;
    this.random = random;
    this.clock = clock;
  }

  /**
   * Sends requests at once and waits for their ends.
   *
   * @param together how many
   * @param words of each prompt: about as many tokens
   * @param tokens most of each answer
   * @throws ProbeFailedException if one of them is not answered
   */
  List<Measured> ask(int together, int words, int tokens)
      throws ProbeFailedException, InterruptedException {
    List<Watch> watches = new ArrayList<>();
    for (int i = 0; i < together; i++) {
      Generation generation =
          new Generation(
              "fit-" + asked++,
              model,
              new Prompt.Text(prompt(words)),
              Sampling.upTo(tokens),
              Generation.Terms.NONE);
      Watch watch = new Watch(clock);
      backend.start(generation, watch).request(ALL_CHUNKS);
      watches.add(watch);
    }
    List<Measured> measured = new ArrayList<>();
    for (Watch watch : watches) {
      measured.add(watch.await(together));
    }
    return measured;
  }

  private String prompt(int words) {
    StringBuilder text = new StringBuilder("Tell a long story of");
    for (int i = 0; i < words; i++) {
      text.append(' ').append(WORDS[random.nextInt(WORDS.length)]);
    }
    return text.append(". Once upon a time").toString();
  }

  /** Takes the time of one answer. */
  private static final class Watch implements TokenSink {

    private final LongSupplier clock;
    private final long sentNanos;
    private final CompletableFuture<Completion> end = new CompletableFuture<>();
    private int tokens;
    private int tokensAtFirst;
    private long firstNanos;
    private long lastNanos;

    Watch(LongSupplier clock) {
      this.clock = clock;
      sentNanos = clock.getAsLong();
    }

    @Override
    public void tokens(TokenChunk chunk) {
      if (chunk.text().isEmpty()) {
        return; // what was counted afterwards came before
      }
      lastNanos = clock.getAsLong();
      tokens += chunk.count();
      if (tokensAtFirst == 0) {
        firstNanos = lastNanos;
        tokensAtFirst = tokens;
      }
    }

    @Override
    public void finished(Completion completion) {
      end.complete(completion);
    }

    @Override
    public void failed(BackendFailure failure) {
      end.completeExceptionally(new ProbeFailedException(failure.detail()));
    }

    Measured await(int together) throws ProbeFailedException, InterruptedException {
      try {
        Completion completion = end.get(MOST_MINUTES, TimeUnit.MINUTES);
        if (tokens == 0) {
          throw new ProbeFailedException("an answer without text (expected: one with tokens)");
        }
        return new Measured(
            together,
            Math.max(1, completion.inputTokens()),
            tokens,
            firstNanos - sentNanos,
            tokens > tokensAtFirst
                ? (double) (lastNanos - firstNanos) / (tokens - tokensAtFirst)
                : Double.NaN);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof ProbeFailedException failed) {
          throw failed;
        }
        throw new IllegalStateException(e);
      } catch (TimeoutException _) {
        throw new ProbeFailedException("no end within " + MOST_MINUTES + " minutes");
      }
    }
  }
}
