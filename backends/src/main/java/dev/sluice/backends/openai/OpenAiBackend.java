package dev.sluice.backends.openai;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendCall;
import dev.sluice.backends.Continuation;
import dev.sluice.backends.Embedding;
import dev.sluice.backends.Generation;
import dev.sluice.backends.LoadReport;
import dev.sluice.backends.TokenSink;
import dev.sluice.backends.openai.http.HttpClient;
import dev.sluice.backends.openai.http.Request;
import dev.sluice.backends.openai.http.ResponseHead;
import dev.sluice.backends.text.TokenCounts;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/** An engine that is asked over OpenAI's HTTP API. */
final class OpenAiBackend implements Backend {

  private final Terms terms;
  private final HttpClient client;
  private final RequestWriter writer;
  private final Answer.Reading reading;
  private final EngineWatch watch;
  private final Set<Breakable> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;
  private volatile double queueSeconds = Event.UNKNOWN;

  /**
   * What a backend is made from.
   *
   * @param url where its API begins
   * @param preset what is peculiar to it
   * @param model what it calls the model; empty: as generations do
   * @param continuation what its continuations are worth
   * @param credentials the key it asks for
   * @param trust whose certificates are believed
   * @param metrics whether its metrics are read
   */
  record Terms(
      BaseUrl url,
      Preset preset,
      String model,
      Continuation continuation,
      Credentials credentials,
      SSLContext trust,
      boolean metrics) {}

  OpenAiBackend(Terms terms) {
    this.terms = terms;
    Preset preset = terms.preset();
    client =
        new HttpClient(
            terms.url().origin(),
            new HttpClient.Keeping(
                preset.connections().idleNanos(), preset.connections().exchanges()),
            terms.trust());
    writer = new RequestWriter(preset.dialect(), terms.model());
    reading =
        new Answer.Reading(
            new EventReader(preset.account()),
            new TokenCounts(terms.model()),
            new Refusals(terms.url(), preset.resets()));
    watch = new EngineWatch(this, terms.metrics() ? preset.load() : Preset.Load.NONE);
  }

  @Override
  public BackendCall start(Generation generation, TokenSink sink) {
    OpenAiCall call = new OpenAiCall(this, generation, sink);
    running.add(call);
    call.begin();
    return call;
  }

  @Override
  public BackendCall embed(Embedding embedding, TokenSink sink) {
    if (!terms.preset().embeds()) {
      return Backend.super.embed(embedding, sink);
    }
    EmbeddingCall call = new EmbeddingCall(this, embedding, sink);
    running.add(call);
    return call.begin();
  }

  @Override
  public Optional<LoadReport> load() {
    return watch.load();
  }

  @Override
  public boolean reachable() {
    watch.begin();
    return !closed && !client.isDown();
  }

  @Override
  public void close() {
    closed = true;
    watch.close();
    running.forEach(Breakable::breakOff);
    client.close();
  }

  // ---- for its calls

  /** Something that is under way and can be ended from without. */
  interface Breakable {

    /** Ends what it waits for. */
    void breakOff();
  }

  void ended(Breakable call) {
    running.remove(call);
  }

  boolean isClosed() {
    return closed;
  }

  /** Notes what the engine says its own queue cost a request. */
  void queued(double seconds) {
    queueSeconds = seconds;
  }

  HttpClient client() {
    return client;
  }

  Terms terms() {
    return terms;
  }

  RequestWriter writer() {
    return writer;
  }

  Answer.Reading reading() {
    return reading;
  }

  Refusals refusals() {
    return reading.refusals();
  }

  /** Takes what the head of an answer to a generation says of the engine's load. */
  void told(ResponseHead head) {
    watch.told(head);
  }

  /** The request for a generation. */
  Request generation(RequestWriter.Written written) {
    Map<String, String> headers = posting("text/event-stream");
    if (watch.readsHeader()) {
      headers.put(LoadHeader.FORMAT, LoadHeader.TEXT);
    }
    return new Request("POST", terms.url().api(written.name()), headers, written.body());
  }

  /** A request with the backend's key, for an answer in one piece. */
  Request post(String target, byte[] body) {
    return new Request("POST", target, posting("application/json"), body);
  }

  private Map<String, String> posting(String accept) {
    Map<String, String> headers = authorized();
    headers.put("Accept", accept);
    headers.put("Content-Type", "application/json");
    return headers;
  }

  /** A request with the backend's key. */
  Request get(String target) {
    return Request.get(target, authorized());
  }

  private Map<String, String> authorized() {
    Map<String, String> headers = new HashMap<>();
    terms.credentials().key().ifPresent(key -> headers.put("Authorization", "Bearer " + key));
    return headers;
  }

  @Override
  public String toString() {
    String queue =
        queueSeconds < 0 ? "" : ", last queued " + Math.round(queueSeconds * 1e3) + " ms";
    return "OpenAiBackend[%s, %s, %d running%s]"
        .formatted(terms.preset().name(), client, running.size(), queue);
  }
}
