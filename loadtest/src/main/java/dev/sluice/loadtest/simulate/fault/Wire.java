package dev.sluice.loadtest.simulate.fault;

/** The connection between the gateway and one backend: keeps the order, may hold up or lose all. */
final class Wire {

  private final Agenda agenda;
  private final Host gateway;
  private final Host backend;
  private final long latencyNanos;
  private long heldUntilNanos;
  private long cutUntilNanos;

  Wire(Agenda agenda, Host gateway, Host backend, long latencyNanos) {
    this.agenda = agenda;
    this.gateway = gateway;
    this.backend = backend;
    this.latencyNanos = latencyNanos;
  }

  /** Something on its way. */
  interface Message {

    /** It comes. */
    void arrived();

    /** It never comes. */
    default void lost() {}
  }

  void toGateway(Message message) {
    send(gateway, message);
  }

  void toBackend(Message message) {
    send(backend, message);
  }

  private void send(Host to, Message message) {
    agenda.at(
        Math.max(agenda.nowNanos(), heldUntilNanos) + latencyNanos,
        () -> {
          if (isCut()) {
            message.lost();
          } else {
            to.now(message::arrived);
          }
        });
  }

  boolean isCut() {
    return agenda.nowNanos() < cutUntilNanos;
  }

  /** Since when all comes through again that is sent. */
  long clearSinceNanos() {
    return Math.max(heldUntilNanos, cutUntilNanos);
  }

  void holdUntil(long nanos) {
    heldUntilNanos = Math.max(heldUntilNanos, nanos);
  }

  void cutUntil(long nanos) {
    cutUntilNanos = Math.max(cutUntilNanos, nanos);
  }

  @Override
  public String toString() {
    return "Wire[held until %d, cut until %d]".formatted(heldUntilNanos, cutUntilNanos);
  }
}
