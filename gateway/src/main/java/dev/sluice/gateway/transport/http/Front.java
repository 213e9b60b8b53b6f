package dev.sluice.gateway.transport.http;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.URIUtil;

/** Finds what a path stands for. Only the path counts: neither host nor query says where to go. */
final class Front extends Handler.Abstract.NonBlocking {

  private static final String MODELS = "/v1/models";
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String JSON = "application/json";

  private final BodyCall.Surroundings surroundings;
  private final ModelList models;
  private final BooleanSupplier ready;
  private final AtomicInteger open = new AtomicInteger();

  Front(BodyCall.Surroundings surroundings, ModelList models, BooleanSupplier ready) {
    this.surroundings = surroundings;
    this.models = models;
    this.ready = ready;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (request.getConnectionMetaData().getConnection().getEndPoint()
        instanceof CallerEndPoint own) {
      own.headEnded();
    }
    Exchange exchange = new Exchange(request, response, callback, open);
    boolean takesWork = ready.getAsBoolean();
    if (!takesWork && request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_2) {
      // the next request of this caller had better go elsewhere
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    route(exchange, takesWork);
    return true;
  }

  /** Exchanges that are not over. */
  int open() {
    return open.get();
  }

  private void route(Exchange exchange, boolean takesWork) {
    String path = Request.getPathInContext(exchange.request());
    switch (path) {
      case "/v1/chat/completions" ->
          work(exchange, () -> new HttpCall(exchange, Kind.CHAT, surroundings));
      case "/v1/completions" ->
          work(exchange, () -> new HttpCall(exchange, Kind.TEXT, surroundings));
      case "/v1/embeddings" -> work(exchange, () -> new EmbeddingsCall(exchange, surroundings));
      case MODELS -> show(exchange, JSON, models.all());
      case "/healthz" -> show(exchange, TEXT, new JsonBytes().raw("ok\n"));
      case "/readyz" -> {
        if (isReading(exchange)) {
          exchange.answer(
              takesWork ? 200 : 503,
              TEXT,
              new JsonBytes().raw(takesWork ? "ready\n" : "no new work\n"));
        }
      }
      default -> {
        JsonBytes model =
            path.startsWith(MODELS + "/")
                ? models.one(URIUtil.decodePath(path.substring(MODELS.length() + 1)))
                : null;
        if (model != null) {
          show(exchange, JSON, model);
        } else {
          error(
              exchange,
              404,
              path.startsWith(MODELS) ? "MODEL_NOT_FOUND" : "NOT_FOUND",
              "nothing is here");
        }
      }
    }
  }

  private static void work(Exchange exchange, Supplier<BodyCall> call) {
    if (exchange.request().getMethod().equals("POST")) {
      call.get().begin();
    } else {
      exchange.headers().put(HttpHeader.ALLOW, "POST");
      error(exchange, 405, "METHOD_NOT_ALLOWED", "method: another (expected: POST)");
    }
  }

  private static void show(Exchange exchange, String type, JsonBytes body) {
    if (isReading(exchange)) {
      exchange.answer(200, type, body);
    }
  }

  /** Whether the method is one that reads; if not, it is answered. */
  private static boolean isReading(Exchange exchange) {
    String method = exchange.request().getMethod();
    if (method.equals("GET") || method.equals("HEAD")) {
      return true;
    }
    exchange.headers().put(HttpHeader.ALLOW, "GET, HEAD");
    error(exchange, 405, "METHOD_NOT_ALLOWED", "method: another (expected: GET)");
    return false;
  }

  private static void error(Exchange exchange, int status, String code, String message) {
    exchange.headers().put("x-should-retry", "false");
    exchange.answer(
        status, JSON, ErrorJson.write(new JsonBytes(), message, "invalid_request_error", code));
  }
}
