package dev.sluice.gateway.transport;

import dev.sluice.gateway.call.Assignment;
import dev.sluice.gateway.call.RequestRecord;
import dev.sluice.gateway.core.request.InferenceRequest;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.util.List;
import java.util.Objects;

/** One {@code Embed} call: vectors and account leave together, in one message. */
final class EmbedCall extends RequestCall {

  private final RequestReader reader;
  private float[] values = {};
  private int dimensions;

  EmbedCall(
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
    return reader.readEmbed(message, headers, timing);
  }

  /** The answer tells. */
  @Override
  public void admitted(Assignment assignment) {}

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
    if (account.outcome() instanceof RequestRecord.Completed) {
      RequestRecord.Routing route = Objects.requireNonNull(account.route());
      sendHeaders(ResponseWriter.headers(request(), route.assignment()));
      send(ResponseWriter.embedded(account, route, dimensions, values));
      complete();
    }
  }
}
