package dev.sluice.backends.openai;

import dev.sluice.backends.BackendCall;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Completion;
import dev.sluice.backends.Generation;
import dev.sluice.backends.OneAtATime;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.TokenSink;
import dev.sluice.backends.openai.http.BlockingExchange;
import dev.sluice.backends.openai.http.Exchange;
import dev.sluice.backends.openai.http.MalformedResponseException;
import dev.sluice.backends.openai.http.NeverSentException;
import dev.sluice.backends.openai.http.Request;
import dev.sluice.backends.openai.http.ResponseHead;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * One running generation. It has no thread: whoever brings news of it, be it that bytes came, that
 * the sink permits more or that nobody listens any more, takes it as far as it goes without
 * waiting, on behalf of all who bring news meanwhile. A token so goes from socket to socket on the
 * thread that read it.
 *
 * <p>While the sink wants nothing, nothing is read: what has come waits in the sockets, and the
 * engine with it.
 */
final class OpenAiCall implements BackendCall, OpenAiBackend.Breakable {

  private static final Logger LOG = LoggerFactory.getLogger(OpenAiCall.class);

  private static final int OK = 200;
  private static final int MOST_ERROR_BYTES = 64 * 1024;

  /** As much text as may wait to leave in one chunk. */
  private static final int MOST_JOINED_CHARACTERS = 16 * 1024;

  /** How long the account may come after the reason to end. Engines send both together. */
  private static final long ACCOUNT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How long the end of the stream may come after the account, for the connection's sake. */
  private static final long FAREWELL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final OpenAiBackend backend;
  private final Generation generation;
  private final TokenSink sink;
  private final OneAtATime goingOn = new OneAtATime(this::advance);
  private final AtomicLong asked = new AtomicLong();
  private volatile boolean cancelled;

  /** Whether tokens wait for the sink to permit them. */
  private volatile boolean starved;

  /** What breaks off what is waited for. */
  private volatile @Nullable Runnable breaker;

  /** What there is to do when the request is ready. */
  private volatile @Nullable Step beginning;

  // whoever goes on with it
  private @Nullable Exchange exchange;
  private @Nullable Step reading;
  private long permitted;
  private long dueNanos;
  private boolean ended;
  private boolean over;

  /** Something that is done without waiting. */
  private interface Step {

    /** Goes on as far as it goes; what failed, if anything did. */
    @Nullable BackendFailure take() throws IOException;
  }

  OpenAiCall(OpenAiBackend backend, Generation generation, TokenSink sink) {
    this.backend = backend;
    this.generation = generation;
    this.sink = sink;
  }

  void begin() {
    if (generation.progress().tokens() == 0) {
      prepare();
    } else {
      Thread.ofVirtual().name("sluice-resumption").start(this::prepare);
    }
  }

  @Override
  public void request(int chunks) {
    if (chunks < 1) {
      throw new IllegalArgumentException("chunks: " + chunks + " (expected: >= 1)");
    }
    asked.getAndAdd(chunks);
    if (starved) {
      goingOn.ask();
    }
  }

  @Override
  public void cancel() {
    cancelled = true;
    breakOff();
  }

  @Override
  public void breakOff() {
    Runnable running = breaker;
    if (running != null) {
      running.run();
    }
    goingOn.ask();
  }

  /** Opens an exchange that is waited for and can be broken off. */
  BlockingExchange openBlocking() {
    BlockingExchange opened = backend.client().blockingExchange();
    breakWith(opened::cancel);
    return opened;
  }

  private void breakWith(Runnable cancellation) {
    breaker = cancellation;
    if (cancelled || backend.isClosed()) {
      // whoever cancels has either seen the exchange or is seen here
      cancellation.run();
    }
  }

  // ---- before the request leaves

  private void prepare() {
    Step step;
    try {
      step = first();
    } catch (IOException | RuntimeException e) {
      BackendFailure failure = failure(e);
      step = () -> failure;
    }
    beginning = step;
    goingOn.ask();
  }

  private Step first() throws IOException {
    int said = generation.progress().tokens();
    int left = generation.sampling().maxOutputTokens() - said;
    if (left <= 0) {
      return () -> endAtOnce(said);
    }
    try {
      RequestWriter.Written written =
          said == 0
              ? backend.writer().whole(generation)
              : new Resumption(backend, this).of(generation);
      Request request = backend.generation(written);
      return () -> ask(request);
    } catch (Resumption.ImpossibleException e) {
      return e::failure;
    } catch (JacksonException _) {
      return () -> backend.refusals().invalid("a prompt that is not Unicode");
    }
  }

  // ---- going on

  private void advance() {
    Step step = reading == null ? beginning : reading;
    if (over || step == null) {
      return;
    }
    BackendFailure failure = null;
    try {
      failure = cancelled ? null : step.take();
    } catch (IOException | RuntimeException e) {
      failure = failure(e);
    }
    if (cancelled) {
      leave();
    } else if (failure != null && !over) {
      leave();
      if (!ended) {
        sink.failed(
            backend.isClosed() && !(failure instanceof BackendFailure.NeverSent)
                ? backend.refusals().broke("closed")
                : failure);
      }
    }
  }

  private BackendFailure failure(Exception e) {
    return switch (e) {
      case NeverSentException _ -> backend.refusals().neverSent(String.valueOf(e.getMessage()));
      case MalformedResponseException _ ->
          backend.refusals().violation(String.valueOf(e.getMessage()));
      case IOException _ ->
          backend.refusals().broke("the connection broke: " + e.getClass().getSimpleName());
      default -> {
        LOG.error("request {} ended by a bug of its adapter", generation.requestId(), e);
        yield backend.refusals().broke("the adapter failed; the event is logged");
      }
    };
  }

  private void leave() {
    over = true;
    if (exchange != null) {
      exchange.close();
    }
    backend.ended(this);
  }

  /** All that was asked for is there; only its end was lost. */
  private @Nullable BackendFailure endAtOnce(int said) {
    leave();
    sink.finished(new Completion(Completion.Reason.LENGTH, estimatedInputTokens(), said, 0));
    return null;
  }

  private @Nullable BackendFailure ask(Request request) {
    Exchange opened = backend.client().exchange();
    exchange = opened;
    reading = () -> head(opened);
    breakWith(opened::cancel);
    opened.begin(request, goingOn::ask);
    return null;
  }

  private @Nullable BackendFailure head(Exchange running) throws IOException {
    ResponseHead head = running.head();
    if (head == null) {
      return null;
    }
    backend.told(head);
    if (head.status() != OK || !isStream(head)) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      return goOn(() -> refusal(running, head, body));
    }
    long usedUpNanos = backend.refusals().usedUpNanos(head);
    if (usedUpNanos > 0) {
      sink.pushedBack(usedUpNanos);
    }
    int said = generation.progress().tokens();
    int left = generation.sampling().maxOutputTokens() - said;
    Answer answer = new Answer(backend.reading(), said, left, isMoreThanWords());
    return goOn(() -> stream(running, answer));
  }

  private @Nullable BackendFailure goOn(Step next) throws IOException {
    reading = next;
    return next.take();
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

  private @Nullable BackendFailure refusal(
      Exchange running, ResponseHead head, ByteArrayOutputStream body) throws IOException {
    int count;
    try {
      do {
        count = running.poll(body::write);
      } while (count > 0 && body.size() < MOST_ERROR_BYTES);
    } catch (IOException e) {
      if (head.status() == OK) {
        throw e;
      }
      count = -1; // the status says enough
    }
    return count == 0 ? null : refusal(head, body.toByteArray());
  }

  private BackendFailure refusal(ResponseHead head, byte[] body) {
    Event error = new Event();
    error.clear();
    try {
      backend.reading().events().read(body, 0, Math.min(body.length, MOST_ERROR_BYTES), error);
    } catch (JacksonException _) {
      error.clear(); // not JSON, or cut off: the status says enough
    }
    if (head.status() != OK) {
      return backend.refusals().of(head, error);
    }
    return error.isError
        ? backend.refusals().inStream(error, false)
        : backend.refusals().violation("content-type: another than text/event-stream");
  }

  private @Nullable BackendFailure stream(Exchange running, Answer answer) throws IOException {
    while (true) {
      if (answer.hasTokens() && !deliver(running, answer)) {
        return null;
      }
      if (answer.failure() != null) {
        return answer.failure();
      }
      if (answer.isWhole()) {
        return finish(running, answer);
      }
      int count = answer.hasReason() ? account(running, answer) : running.poll(answer::feed);
      if (count == 0) {
        return null;
      }
      if (count < 0) {
        answer.endOfStream();
      }
    }
  }

  /** With its reason the answer is whole, whatever becomes of the stream now. */
  private int account(Exchange running, Answer answer) {
    try {
      int count = running.poll(answer::feed);
      return count == 0 && isTooLate(running, ACCOUNT_NANOS) ? -1 : count;
    } catch (IOException _) {
      return -1; // the account will not come
    }
  }

  /** Whether {@code nanos} have passed since this was first asked; else there will be news then. */
  private boolean isTooLate(Exchange running, long nanos) {
    long nowNanos = System.nanoTime();
    if (dueNanos == 0) {
      dueNanos = nowNanos + nanos;
    }
    boolean isTooLate = nowNanos - dueNanos >= 0;
    if (isTooLate) {
      dueNanos = 0;
    } else {
      running.wakeAfter(dueNanos - nowNanos);
    }
    return isTooLate;
  }

  /**
   * Passes on all that is there if the sink wants it; false when it does not yet, or nobody does.
   */
  private boolean deliver(Exchange running, Answer answer) {
    boolean hadToWait = starved;
    if (permitted == 0) {
      starved = true; // whoever permits has either seen it or is seen here
      permitted = asked.getAndSet(0);
    }
    if (permitted == 0) {
      return false;
    }
    starved = false;
    if (hadToWait) {
      join(running, answer);
    }
    permitted--;
    sink.tokens(answer.takeTokens());
    return !cancelled;
  }

  /** Takes what came meanwhile. */
  private static void join(Exchange running, Answer answer) {
    try {
      int count = 1;
      while (count > 0
          && answer.failure() == null
          && !answer.isWhole()
          && answer.pendingCharacters() < MOST_JOINED_CHARACTERS) {
        count = running.poll(answer::feed);
      }
    } catch (IOException _) {
      // what had come ends within a frame, and the next poll says it again
    }
  }

  private @Nullable BackendFailure finish(Exchange running, Answer answer) {
    ended = true;
    dueNanos = 0;
    if (answer.queueSeconds() >= 0) {
      backend.queued(answer.queueSeconds());
    }
    sink.finished(answer.completion(estimatedInputTokens()));
    reading = () -> farewell(running);
    return farewell(running);
  }

  /** Nothing more counts, but that the connection is free. */
  private @Nullable BackendFailure farewell(Exchange running) {
    int count;
    try {
      do {
        count = running.poll((_, _, _) -> {});
      } while (count > 0);
    } catch (IOException _) {
      count = -1; // then the connection does not serve again
    }
    if (count < 0 || isTooLate(running, FAREWELL_NANOS)) {
      leave();
    }
    return null;
  }

  private int estimatedInputTokens() {
    return backend.reading().counts().estimate(generation.prompt());
  }

  @Override
  public String toString() {
    return "OpenAiCall[" + generation.requestId() + "]";
  }
}
