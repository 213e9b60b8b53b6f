package dev.sluice.gateway.transport;

import dev.sluice.gateway.call.Assignment;
import dev.sluice.gateway.call.RequestRecord;
import dev.sluice.gateway.core.request.InferenceRequest;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.util.List;
import java.util.Objects;

/** One {@code Generate} call: the answer leaves as it comes. */
final class GenerateCall extends RequestCall {

  private final RequestReader reader;

  GenerateCall(
      ServerCall<RequestMessage, byte[]> call,
      Metadata metadata,
      Surroundings surroundings,
      RequestReader reader) {
    super(call, metadata, surroundings);
    this.reader = reader;
  }

  @Override
  protected Requests.Understood read(
      byte[] message, Headers headers, InferenceRequest.Timing timing) throws UnreadableException {
    return reader.read(message, headers, timing);
  }

  @Override
  public void admitted(Assignment assignment) {
    sendHeaders(ResponseWriter.headers(request(), assignment));
    send(ResponseWriter.admitted(request(), assignment));
  }

  @Override
  public void tokens(int index, int count, String text, List<Integer> ids) {
    send(ResponseWriter.tokens(index, count, text, ids));
  }

  @Override
  public void encodedTokens(byte[] response) {
    send(response);
  }

  @Override
  public void finished(RequestRecord account) {
    if (account.outcome() instanceof RequestRecord.Completed completed) {
      send(ResponseWriter.finished(account, completed, Objects.requireNonNull(account.route())));
      complete();
    }
  }
}
