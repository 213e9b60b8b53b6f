package dev.sluice.backends.openai;

import dev.sluice.backends.BackendCall;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Embedding;
import dev.sluice.backends.OnePiece;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.TokenSink;
import dev.sluice.backends.Vectors;
import dev.sluice.backends.openai.http.BlockingExchange;
import dev.sluice.backends.openai.http.MalformedResponseException;
import dev.sluice.backends.openai.http.NeverSentException;
import dev.sluice.backends.openai.http.ResponseHead;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/** One running embedding: a virtual thread of its own asks and reads the whole answer. */
final class EmbeddingCall implements OpenAiBackend.Breakable {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddingCall.class);

  private static final String EMBEDDINGS = "/embeddings";
  private static final int OK = 200;
  private static final int MOST_ERROR_BYTES = 64 * 1024;

  private final OpenAiBackend backend;
  private final Embedding embedding;
  private final OnePiece answer;
  private volatile @Nullable BlockingExchange exchange;

  EmbeddingCall(OpenAiBackend backend, Embedding embedding, TokenSink sink) {
    this.backend = backend;
    this.embedding = embedding;
    answer = new OnePiece(sink, this::breakOff);
  }

  BackendCall begin() {
    Thread.ofVirtual().name("sluice-embedding").start(this::run);
    return answer;
  }

  @Override
  public void breakOff() {
    BlockingExchange running = exchange;
    if (running != null) {
      running.cancel();
    }
  }

  private void run() {
    Refusals refusals = backend.refusals();
    BackendFailure failure;
    try {
      failure = ask();
    } catch (NeverSentException e) {
      failure = refusals.neverSent(String.valueOf(e.getMessage()));
    } catch (MalformedResponseException e) {
      failure = refusals.violation(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      failure = refusals.broke("the connection broke: " + e.getClass().getSimpleName());
    } catch (RuntimeException bug) {
      LOG.error("request {} ended by a bug of its adapter", embedding.requestId(), bug);
      failure = refusals.broke("the adapter failed; the event is logged");
    } finally {
      backend.ended(this);
    }
    if (failure != null) {
      answer.fail(backend.isClosed() ? refusals.broke("closed") : failure);
    }
  }

  /** Asks; null when the answer is whole. */
  private @Nullable BackendFailure ask() throws IOException {
    byte[] body;
    try {
      body = EmbeddingWriter.write(embedding, backend.terms().model());
    } catch (JacksonException _) {
      return backend.refusals().invalid("an input that is not Unicode");
    }
    try (BlockingExchange running = open()) {
      ResponseHead head =
          running.send(backend.post(backend.terms().url().api(EMBEDDINGS), body), 0);
      return head.status() == OK ? read(running) : refusal(running, head);
    }
  }

  private BlockingExchange open() {
    BlockingExchange opened = backend.client().blockingExchange();
    exchange = opened;
    if (answer.isOver() || backend.isClosed()) {
      // whoever cancels has either seen the exchange or is seen here
      opened.cancel();
    }
    return opened;
  }

  private BackendFailure refusal(BlockingExchange running, ResponseHead head) {
    Event error = new Event();
    error.clear();
    try {
      byte[] body = Bodies.read(running, MOST_ERROR_BYTES);
      backend.reading().events().read(body, 0, body.length, error);
    } catch (JacksonException | IOException _) {
      error.clear(); // not JSON, or cut off: the status says enough
    }
    return backend.refusals().of(head, error);
  }

  private @Nullable BackendFailure read(BlockingExchange running) throws IOException {
    int inputs = embedding.inputs().size();
    EmbeddingReader.Read read;
    try {
      byte[] body = Bodies.read(running, EmbeddingReader.mostBytes(inputs));
      read = EmbeddingReader.read(body, inputs);
    } catch (EmbeddingReader.UnreadableException e) {
      return backend.refusals().violation(e.what());
    }
    Vectors vectors = read.vectors();
    int asked = embedding.dimensions();
    if (asked > 0 && vectors.dimensions() != asked) {
      return backend
          .refusals()
          .invalid("dimensions: %d (expected: %d)".formatted(asked, vectors.dimensions()));
    }
    answer.complete(
        vectors, read.inputTokens() == Event.UNKNOWN ? estimated() : read.inputTokens());
    return null;
  }

  private int estimated() {
    int tokens = 0;
    for (Prompt.Input input : embedding.inputs()) {
      tokens += backend.reading().counts().estimate(input);
    }
    return tokens;
  }

  @Override
  public String toString() {
    return "EmbeddingCall[" + embedding.requestId() + "]";
  }
}
