package dev.sluice.gateway.transport;

import dev.sluice.gateway.call.Assignment;
import dev.sluice.gateway.call.RequestRecord;
import dev.sluice.gateway.core.request.InferenceRequest;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.util.List;
import java.util.Objects;

/** One {@code Generate} call: every event of the answer is a message of its own. */
final class GenerateCall extends RequestCall {

  private static final Metadata.Key<String> EFFECTIVE_BUDGET =
      Metadata.Key.of("x-effective-budget-ms", Metadata.ASCII_STRING_MARSHALLER);

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
    Metadata headers = new Metadata();
    long askedNanos = request().budget().totalNanos();
    if (askedNanos > assignment.budget().totalNanos()) {
      headers.put(EFFECTIVE_BUDGET, Long.toString(assignment.budget().totalNanos() / 1_000_000));
    }
    sendHeaders(headers);
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
