package dev.sluice.gateway.transport.http;

import dev.sluice.gateway.call.RequestRecord;
import dev.sluice.gateway.core.request.Failure;

/** Writes one answer as OpenAI's server-sent events. The head of an event is made once. */
final class EventStream {

  private static final String DATA = "data: ";
  private static final String END = "\n\n";

  private final AnswerHead head;
  private final boolean withUsage;
  private final byte[] beforeText;
  private final byte[] afterText;

  /** The events of the answer with this head; {@code withUsage}: one more tells the usage. */
  EventStream(AnswerHead head, boolean withUsage) {
    this.head = head;
    this.withUsage = withUsage;
    JsonBytes before = event(new JsonBytes()).raw("\"choices\":[{\"index\":0,");
    switch (head.kind()) {
      case CHAT -> before.raw("\"delta\":{\"content\":\"");
      case TEXT -> before.raw("\"text\":\"");
    }
    beforeText = before.toBytes();
    JsonBytes after = new JsonBytes();
    switch (head.kind()) {
      case CHAT -> after.raw("\"},\"logprobs\":null,\"finish_reason\":null}]}");
      case TEXT -> after.raw("\",\"logprobs\":null,\"finish_reason\":null}]}");
    }
    afterText = after.raw(END).toBytes();
  }

  /** What comes before the first token. */
  void begin(JsonBytes out) {
    switch (head.kind()) {
      case CHAT ->
          event(out)
              .raw("\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},")
              .raw("\"logprobs\":null,\"finish_reason\":null}]}")
              .raw(END);
      case TEXT -> {}
    }
  }

  /** Tokens; those whose character is incomplete have no text and make no event. */
  void text(JsonBytes out, String text) {
    if (!text.isEmpty()) {
      out.raw(beforeText).escaped(text).raw(afterText);
    }
  }

  /** A part of the answer that is no text. */
  void delta(JsonBytes out, String members) {
    event(out).raw("\"choices\":[{\"index\":0,\"delta\":{").raw(members);
    out.raw("},\"logprobs\":null,\"finish_reason\":null}]}").raw(END);
  }

  /** The regular end. */
  void finished(
      JsonBytes out,
      RequestRecord account,
      RequestRecord.Completed completed,
      RequestRecord.Routing route) {
    event(out).raw("\"choices\":[{\"index\":0,");
    switch (head.kind()) {
      case CHAT -> out.raw("\"delta\":{},");
      case TEXT -> out.raw("\"text\":\"\",");
    }
    out.raw("\"logprobs\":null,\"finish_reason\":");
    AccountJson.finishReason(out, completed).raw("}],\"sluice\":");
    AccountJson.account(out, account, route, head.requestId()).raw("}").raw(END);
    if (withUsage) {
      out.raw(DATA);
      head.write(out, head.kind().chunk()).raw("\"choices\":[],\"usage\":");
      AccountJson.usage(out, account.usage()).raw("}").raw(END);
    }
    out.raw(DATA).raw("[DONE]").raw(END);
  }

  /** The irregular end: neither a reason to finish nor [DONE]. */
  static void failed(JsonBytes out, Failure failure, int tokensDelivered) {
    out.raw(DATA);
    ErrorJson.write(out, failure, tokensDelivered).raw(END);
  }

  private JsonBytes event(JsonBytes out) {
    out.raw(DATA);
    head.write(out, head.kind().chunk());
    return withUsage ? out.raw("\"usage\":null,") : out;
  }
}
