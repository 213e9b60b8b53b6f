package dev.sluice.gateway.transport;

import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;

/** A call whose other end is the test. */
public final class FakeServerCall extends ServerCall<RequestMessage, byte[]> {

  /** How it was ended. */
  public final List<Status.Code> closed = new ArrayList<>();

  /** Messages that the other end may send. */
  public int asked;

  /** Messages that were written. */
  public int sent;

  @Override
  public void request(int messages) {
    asked += messages;
  }

  @Override
  public void sendHeaders(Metadata headers) {}

  @Override
  public void sendMessage(byte[] message) {
    sent++;
  }

  @Override
  public void close(Status status, Metadata trailers) {
    closed.add(status.getCode());
  }

  @Override
  public boolean isCancelled() {
    return false;
  }

  @Override
  public Attributes getAttributes() {
    return Attributes.EMPTY;
  }

  @Override
  public MethodDescriptor<RequestMessage, byte[]> getMethodDescriptor() {
    throw new AssertionError("not asked for");
  }
}
