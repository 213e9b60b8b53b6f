package dev.sluice.backends.openai;

import dev.sluice.backends.BackendCall;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Completion;
import dev.sluice.backends.Generation;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.TokenSink;
import dev.sluice.backends.openai.http.Exchange;
import dev.sluice.backends.openai.http.MalformedResponseException;
import dev.sluice.backends.openai.http.NeverSentException;
import dev.sluice.backends.openai.http.ResponseHead;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * One running generation. A virtual thread of its own asks, reads and tells the sink; whoever
 * permits or cancels only leaves a note for it.
 *
 * <p>While the sink wants nothing, nothing is read: what has come waits in the sockets, and the
 * engine with it.
 */
final class OpenAiCall implements BackendCall, OpenAiBackend.Breakable {

  private static final Logger LOG = LoggerFactory.getLogger(OpenAiCall.class);

  private static final int OK = 200;
  private static final int BUFFER_BYTES = 8 * 1024;
  private static final int MOST_ERROR_BYTES = 64 * 1024;

  /** As much text as may wait to leave in one chunk. */
  private static final int MOST_JOINED_CHARACTERS = 16 * 1024;

  /** How long the account may come after the reason to end. Engines send both together. */
  private static final long ACCOUNT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How long the end of the stream may come after the account, for the connection's sake. */
  private static final int FAREWELL_MILLIS = 100;

  private final OpenAiBackend backend;
  private final Generation generation;
  private final TokenSink sink;
  private final Thread thread;
  private final AtomicLong asked = new AtomicLong();
  private volatile boolean cancelled;
  private volatile @Nullable Exchange exchange;

  // its thread only
  private long permitted;
  private boolean ended;

  OpenAiCall(OpenAiBackend backend, Generation generation, TokenSink sink) {
    this.backend = backend;
    this.generation = generation;
    this.sink = sink;
    thread = Thread.ofVirtual().name("sluice-generation").unstarted(this::run);
  }

  void begin() {
    thread.start();
  }

  @Override
  public void request(int chunks) {
    if (chunks < 1) {
      throw new IllegalArgumentException("chunks: " + chunks + " (expected: >= 1)");
    }
    if (asked.getAndAdd(chunks) == 0) {
      LockSupport.unpark(thread);
    }
  }

  @Override
  public void cancel() {
    cancelled = true;
    breakOff();
  }

  @Override
  public void breakOff() {
    Exchange running = exchange;
    if (running != null) {
      running.cancel();
    }
    LockSupport.unpark(thread);
  }

  /** Opens an exchange that can be broken off. */
  Exchange open() throws NeverSentException {
    Exchange opened = backend.exchange();
    exchange = opened;
    if (cancelled || backend.isClosed()) {
      // whoever cancels has either seen the exchange or is seen here
      opened.cancel();
    }
    return opened;
  }

  private void run() {
    BackendFailure failure;
    try {
      failure = answer();
    } catch (NeverSentException e) {
      failure = backend.refusals().neverSent(String.valueOf(e.getMessage()));
    } catch (MalformedResponseException e) {
      failure = backend.refusals().violation(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      failure = backend.refusals().broke("the connection broke: " + e.getClass().getSimpleName());
    } catch (RuntimeException bug) {
      LOG.error("request {} ended by a bug of its adapter", generation.requestId(), bug);
      failure = backend.refusals().broke("the adapter failed; the event is logged");
    } finally {
      backend.ended(this);
    }
    if (failure != null && !ended && !cancelled) {
      sink.failed(
          backend.isClosed() && !(failure instanceof BackendFailure.NeverSent)
              ? backend.refusals().broke("closed")
              : failure);
    }
  }

  /** Asks and passes on what comes; null when all went well or nobody listens any more. */
  private @Nullable BackendFailure answer() throws IOException {
    int said = generation.progress().tokens();
    int left = generation.sampling().maxOutputTokens() - said;
    if (left <= 0) {
      // all that was asked for is there; only its end was lost
      ended = true;
      sink.finished(new Completion(Completion.Reason.LENGTH, estimatedInputTokens(), said, 0));
      return null;
    }
    RequestWriter.Written request;
    try {
      request =
          said == 0
              ? backend.writer().whole(generation)
              : new Resumption(backend, this).of(generation);
    } catch (Resumption.ImpossibleException e) {
      return e.failure();
    } catch (JacksonException _) {
      return backend.refusals().invalid("a prompt that is not Unicode");
    }
    try (Exchange running = open()) {
      ResponseHead head =
          running.send(
              backend.post(
                  backend.terms().url().api(request.name()), request.body(), "text/event-stream"),
              0);
      if (head.status() != OK || !isStream(head)) {
        return refusal(running, head);
      }
      long usedUpNanos = backend.refusals().usedUpNanos(head);
      if (usedUpNanos > 0) {
        sink.pushedBack(usedUpNanos);
      }
      return stream(running, new Answer(backend.reading(), said, left, isMoreThanWords()));
    }
  }

  private boolean isMoreThanWords() {
    return generation.prompt() instanceof Prompt.Chat chat && chat.isMoreThanWords();
  }

  private static boolean isStream(ResponseHead head) {
    return head.header("content-type")
        .orElse("")
        .toLowerCase(Locale.ROOT)
        .startsWith("text/event-stream");
  }

  private BackendFailure refusal(Exchange running, ResponseHead head) throws IOException {
    Event error = new Event();
    error.clear();
    try {
      byte[] body = Bodies.read(running, MOST_ERROR_BYTES);
      backend.reading().events().read(body, 0, body.length, error);
    } catch (JacksonException _) {
      error.clear(); // not JSON, or cut off: the status says enough
    } catch (IOException e) {
      if (head.status() == OK) {
        throw e;
      }
    }
    if (head.status() != OK) {
      return backend.refusals().of(head, error);
    }
    return error.isError
        ? backend.refusals().inStream(error, false)
        : backend.refusals().violation("content-type: another than text/event-stream");
  }

  private @Nullable BackendFailure stream(Exchange running, Answer answer) throws IOException {
    byte[] bytes = new byte[BUFFER_BYTES];
    long accountDueNanos = 0;
    while (true) {
      if (answer.hasTokens() && !deliver(running, answer, bytes)) {
        return backend.refusals().broke("closed");
      }
      if (answer.failure() != null) {
        return answer.failure();
      }
      if (answer.isWhole()) {
        finish(running, answer, bytes);
        return null;
      }
      if (answer.hasReason()) {
        accountDueNanos =
            accountDueNanos == 0 ? System.nanoTime() + ACCOUNT_NANOS : accountDueNanos;
        awaitAccount(running, answer, bytes, accountDueNanos);
      } else {
        read(running, answer, bytes);
      }
    }
  }

  private static void read(Exchange running, Answer answer, byte[] bytes) throws IOException {
    int count = running.read(bytes);
    if (count < 0) {
      answer.endOfStream();
    } else {
      answer.feed(bytes, count);
    }
  }

  /** With its reason the answer is whole, whatever becomes of the stream now. */
  private static void awaitAccount(Exchange running, Answer answer, byte[] bytes, long dueNanos) {
    long leftMillis = TimeUnit.NANOSECONDS.toMillis(dueNanos - System.nanoTime());
    try {
      if (leftMillis > 0) {
        running.timeout((int) leftMillis);
        read(running, answer, bytes);
        return;
      }
    } catch (IOException _) {
      // the account will not come
    }
    answer.endOfStream();
  }

  /** Passes on all that is there when the sink wants it; false when nobody does any more. */
  private boolean deliver(Exchange running, Answer answer, byte[] bytes) throws IOException {
    boolean hadToWait = permitted == 0 && asked.get() == 0;
    if (!awaitPermission()) {
      return false;
    }
    if (hadToWait) {
      join(running, answer, bytes);
    }
    permitted--;
    sink.tokens(answer.takeTokens());
    return !cancelled;
  }

  /** Takes what came meanwhile, without waiting. */
  private static void join(Exchange running, Answer answer, byte[] bytes) throws IOException {
    try {
      running.timeout(1);
      while (answer.failure() == null
          && !answer.isWhole()
          && answer.pendingCharacters() < MOST_JOINED_CHARACTERS
          && running.hasMore()) {
        read(running, answer, bytes);
      }
    } catch (IOException _) {
      // what had come ends within a frame, or the next read says it again
    }
    running.timeout(0);
  }

  private boolean awaitPermission() {
    while (permitted == 0) {
      permitted = asked.getAndSet(0);
      if (cancelled || backend.isClosed()) {
        return false;
      }
      if (permitted == 0) {
        LockSupport.park(this);
      }
    }
    return !cancelled;
  }

  private void finish(Exchange running, Answer answer, byte[] bytes) {
    if (cancelled) {
      return;
    }
    ended = true;
    if (answer.queueSeconds() >= 0) {
      backend.queued(answer.queueSeconds());
    }
    sink.finished(answer.completion(estimatedInputTokens()));
    try {
      running.timeout(FAREWELL_MILLIS);
      while (running.read(bytes) >= 0) {
        // nothing more counts
      }
      running.timeout(0);
    } catch (IOException _) {
      // then the connection does not serve again
    }
  }

  private int estimatedInputTokens() {
    return backend.reading().counts().estimate(generation.prompt());
  }

  @Override
  public String toString() {
    return "OpenAiCall[" + generation.requestId() + "]";
  }
}
