package dev.sluice.backends.grpc;

import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;

/**
 * How far a call came: gRPC's status does not tell a request that never left from one whose answer
 * was lost.
 */
public final class Journey extends ClientStreamTracer {

  private volatile boolean sent;
  private volatile boolean answered;

  /** Has every stream of the call report here; with gRPC's own retries off there is at most one. */
  public ClientStreamTracer.Factory factory() {
    return new ClientStreamTracer.Factory() {
      @Override
      public ClientStreamTracer newClientStreamTracer(StreamInfo info, Metadata headers) {
        return Journey.this;
      }
    };
  }

  /** The request's headers were taken by the socket. */
  @Override
  public void outboundHeaders() {
    sent = true;
  }

  @Override
  public void inboundTrailers(Metadata trailers) {
    answered = true;
  }

  /** Whether anything of the request may have reached the backend. */
  boolean wasSent() {
    return sent;
  }

  /** Whether the status is the backend's own word, not a finding of this side. */
  boolean wasAnswered() {
    return answered;
  }
}
