package dev.sluice.gateway.transport.http;

/**
 * What every piece of one answer begins with.
 *
 * @param kind what was asked
 * @param requestId the request's id; a name, which needs no escape
 * @param model the model as the caller called it; a name too
 * @param createdSeconds when it was asked, in seconds since 1970
 */
record AnswerHead(Kind kind, String requestId, String model, long createdSeconds) {

  /** The beginning of an object, up to and with the comma after its last field. */
  JsonBytes write(JsonBytes out, String object) {
    return out.raw("{\"id\":\"")
        .raw(kind.idPrefix())
        .raw(requestId)
        .raw("\",\"object\":\"")
        .raw(object)
        .raw("\",\"created\":")
        .number(createdSeconds)
        .raw(",\"model\":\"")
        .raw(model)
        .raw("\",");
  }
}
