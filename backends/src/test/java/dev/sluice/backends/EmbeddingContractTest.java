package dev.sluice.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link Backend} promises that embeds. The test of each one extends it. */
public abstract class EmbeddingContractTest {

  /** Length of the vectors, which can be shortened. */
  protected static final int DIMENSIONS = 8;

  private final List<Backend> opened = new ArrayList<>();

  /**
   * A fresh backend that makes vectors of {@value #DIMENSIONS} values, of length 1, equal for equal
   * inputs.
   */
  protected abstract Backend open();

  /** A request for the vectors of {@code texts}. */
  protected static Embedding embedding(int dimensions, String... texts) {
    List<Prompt.Input> inputs = new ArrayList<>();
    for (String text : texts) {
      inputs.add(new Prompt.Text(text));
    }
    return new Embedding(
        "contract-" + texts.length,
        "contract-model",
        inputs,
        dimensions,
        new Generation.Terms(0, 0, 0, 0, "", "", 0));
  }

  @AfterEach
  void closeAll() {
    opened.forEach(Backend::close);
  }

  @Test
  void allVectorsComeInOnePieceAndThenTheEnd() {
    RecordingSink sink = new RecordingSink();
    opened().embed(embedding(0, "one", "two", "one"), sink).request(1);
    Completion completion = sink.awaitCompletion();
    assertThat(completion.inputTokens()).isPositive();
    assertThat(completion.outputTokens()).as("the one piece").isEqualTo(1);
    Vectors vectors = sink.vectors();
    assertThat(vectors.count()).isEqualTo(3);
    assertThat(vectors.dimensions()).isEqualTo(DIMENSIONS);
    assertThat(vector(vectors, 2)).isEqualTo(vector(vectors, 0)).isNotEqualTo(vector(vectors, 1));
    assertThat(length(vector(vectors, 0))).isCloseTo(1, within(1e-5));
    assertThat(sink.violations()).isEmpty();
  }

  /** Whether the wire has a way to say token ids; who has none refuses them. */
  protected boolean takesTokenIds() {
    return true;
  }

  @Test
  void tokenIdsAreEmbeddedTooOrRefused() {
    RecordingSink sink = new RecordingSink();
    Embedding embedding =
        new Embedding(
            "contract-ids",
            "contract-model",
            List.of(new Prompt.TokenIds(new int[] {1, 2, 3}), new Prompt.TokenIds(new int[] {4})),
            0,
            Generation.Terms.NONE);
    opened().embed(embedding, sink).request(1);
    if (!takesTokenIds()) {
      assertThat(sink.awaitFailure())
          .isInstanceOfSatisfying(
              BackendFailure.Rejected.class,
              rejected ->
                  assertThat(rejected.kind()).isEqualTo(BackendFailure.Rejected.Kind.INVALID));
      return;
    }
    sink.awaitCompletion();
    assertThat(sink.vectors().count()).isEqualTo(2);
  }

  @Test
  void shorterVectorsAreOfLengthOneAsWell() {
    RecordingSink sink = new RecordingSink();
    opened().embed(embedding(DIMENSIONS / 2, "one"), sink).request(1);
    sink.awaitCompletion();
    assertThat(sink.vectors().dimensions()).isEqualTo(DIMENSIONS / 2);
    assertThat(length(vector(sink.vectors(), 0))).isCloseTo(1, within(1e-5));
  }

  @Test
  void longerVectorsThanThereAreAreRefused() {
    RecordingSink sink = new RecordingSink();
    opened().embed(embedding(2 * DIMENSIONS, "one"), sink).request(1);
    assertThat(sink.awaitFailure())
        .isInstanceOfSatisfying(
            BackendFailure.Rejected.class,
            rejected -> {
              assertThat(rejected.kind()).isEqualTo(BackendFailure.Rejected.Kind.INVALID);
              assertThat(rejected.detail()).contains("dimensions: " + 2 * DIMENSIONS);
            });
  }

  @Test
  void nothingComesBeforeItIsAskedFor() {
    Backend backend = opened();
    RecordingSink sink = new RecordingSink();
    BackendCall call = backend.embed(embedding(0, "one"), sink);
    runToItsEnd(backend);
    assertThat(sink.chunks()).isEmpty();
    assertThat(sink.ends()).isZero();
    call.request(1);
    sink.awaitCompletion();
    call.request(1);
    call.cancel();
    assertThat(sink.chunks()).hasSize(1);
    assertThat(sink.violations()).isEmpty();
  }

  @Test
  void anEmbeddingThatWasCancelledStaysSilent() {
    Backend backend = opened();
    RecordingSink sink = new RecordingSink();
    BackendCall call = backend.embed(embedding(0, "one"), sink);
    call.cancel();
    call.cancel();
    call.request(1);
    runToItsEnd(backend);
    assertThat(sink.chunks()).isEmpty();
    assertThat(sink.ends()).isZero();
  }

  @Test
  void startingOnAClosedBackendFailsAndDoesNotThrow() {
    Backend backend = opened();
    backend.close();
    RecordingSink sink = new RecordingSink();
    backend.embed(embedding(0, "one"), sink).request(1);
    assertThat(sink.awaitFailure())
        .isInstanceOfAny(BackendFailure.NeverSent.class, BackendFailure.Broke.class);
    assertThat(sink.ends()).isEqualTo(1);
  }

  private Backend opened() {
    Backend backend = open();
    opened.add(backend);
    return backend;
  }

  private static void runToItsEnd(Backend backend) {
    RecordingSink sink = new RecordingSink();
    backend.embed(embedding(0, "another", "and another"), sink).request(1);
    sink.awaitCompletion();
  }

  private static float[] vector(Vectors vectors, int index) {
    int first = index * vectors.dimensions();
    return Arrays.copyOfRange(vectors.values(), first, first + vectors.dimensions());
  }

  private static double length(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += value * (double) value;
    }
    return Math.sqrt(squares);
  }
}
