package dev.sluice.gateway.transport.http;

import dev.sluice.gateway.call.RequestRecord;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.transport.Headers;
import dev.sluice.gateway.transport.Requests;
import dev.sluice.gateway.transport.UnreadableException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request for vectors: all of the answer is written at once. */
final class EmbeddingsCall extends BodyCall {

  private boolean asBase64;
  private int dimensions;
  private float @Nullable [] values;

  EmbeddingsCall(Exchange exchange, BodyCall.Surroundings surroundings) {
    super(exchange, surroundings);
  }

  @Override
  Requests.Understood read(byte[] body, Headers headers, InferenceRequest.Timing timing)
      throws UnreadableException {
    EmbeddingsReader.Read done =
        EmbeddingsReader.read(surroundings().reader(), body, headers, timing);
    asBase64 = done.asBase64();
    return done.understood();
  }

  @Override
  public void tokens(int index, int count, String text, List<Integer> ids) {
    throw new IllegalStateException("tokens: some (expected: vectors, as was asked for)");
  }

  @Override
  public void encodedTokens(byte[] response) {
    throw new IllegalStateException("tokens: some (expected: vectors, as was asked for)");
  }

  @Override
  public void vectors(int dimensions, float[] values) {
    this.dimensions = dimensions;
    this.values = values;
  }

  @Override
  public void finished(RequestRecord account) {
    RequestRecord.Routing route = account.route();
    float[] all = values;
    if (!(account.outcome() instanceof RequestRecord.Completed)
        || route == null
        || all == null
        || !close()) {
      return;
    }
    attribute(account, route);
    JsonBytes body = piece().clear().raw("{\"object\":\"list\",\"data\":[");
    for (int first = 0, index = 0; first < all.length; first += dimensions, index++) {
      body.raw(index == 0 ? "" : ",");
      EmbeddingJson.write(body, index, all, first, dimensions, asBase64);
    }
    body.raw("],\"model\":").string(request().model()).raw(",\"usage\":{\"prompt_tokens\":");
    body.number(account.usage().inputTokens()).raw(",\"total_tokens\":");
    body.number(account.usage().inputTokens()).raw("},\"sluice\":");
    AccountJson.account(body, account, route, request().id()).raw("}");
    exchange().answer(200, JSON, body);
  }
}
