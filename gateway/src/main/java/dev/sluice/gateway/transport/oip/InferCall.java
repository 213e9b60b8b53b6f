package dev.sluice.gateway.transport.oip;

import dev.sluice.gateway.call.Assignment;
import dev.sluice.gateway.call.RequestRecord;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.time.NanoClock;
import dev.sluice.gateway.transport.Headers;
import dev.sluice.gateway.transport.RequestCall;
import dev.sluice.gateway.transport.RequestMessage;
import dev.sluice.gateway.transport.Requests;
import dev.sluice.gateway.transport.UnreadableException;
import dev.sluice.inference.ModelInferResponse;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One {@code ModelInfer} call: the answer in one piece. */
final class InferCall extends RequestCall {

  private final InferReader reader;
  private final NanoClock clock;
  private final StringBuilder text = new StringBuilder();
  private ModelInferResponse.@Nullable Builder vectors;
  private @Nullable Form form;
  private @Nullable Assignment assignment;
  private long decidedNanos;

  InferCall(
      ServerCall<RequestMessage, byte[]> call,
      Metadata metadata,
      Surroundings surroundings,
      InferReader reader) {
    super(call, metadata, surroundings);
    this.reader = reader;
    clock = surroundings.clock();
  }

  @Override
  protected Requests.Understood read(
      byte[] message, Headers headers, InferenceRequest.Timing timing) throws UnreadableException {
    InferReader.Read read = reader.read(InferReader.parse(message), headers, timing);
    if (read.form().stream()) {
      throw UnreadableException.malformed(
          "stream: true (expected: false at ModelInfer; ModelStreamInfer streams)");
    }
    form = read.form();
    return read.understood();
  }

  @Override
  public void admitted(Assignment assignment) {
    if (decidedNanos == 0) {
      decidedNanos = clock.nanoTime();
    }
    this.assignment = assignment;
  }

  @Override
  public void reassigned(Assignment assignment) {
    admitted(assignment);
  }

  @Override
  public void tokens(int index, int count, String text, List<Integer> ids) {
    this.text.append(text);
  }

  @Override
  public void encodedTokens(byte[] response) {
    text.append(AnswerText.of(response));
  }

  @Override
  public void vectors(int dimensions, float[] values) {
    vectors = responses().of(dimensions, values);
  }

  private Responses responses() {
    return new Responses(Objects.requireNonNull(form));
  }

  @Override
  public void finished(RequestRecord account) {
    RequestRecord.Routing route = account.route();
    if (account.outcome() instanceof RequestRecord.Completed completed && route != null) {
      ModelInferResponse.Builder response = vectors;
      if (response == null) {
        response = responses().of(text);
        Account.ending(response, account, completed);
      }
      Account.attribution(
          response, request(), Objects.requireNonNull(assignment), decidedNanos - arrivalNanos());
      Account.account(response, account, route);
      sendHeaders(new Metadata());
      send(response.build().toByteArray());
      complete();
    }
  }
}
