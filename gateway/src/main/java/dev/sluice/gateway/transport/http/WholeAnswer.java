package dev.sluice.gateway.transport.http;

import dev.sluice.gateway.call.RequestRecord;

/** Writes one answer in one piece. */
final class WholeAnswer {

  private WholeAnswer() {}

  static JsonBytes of(
      AnswerHead head,
      Message message,
      RequestRecord account,
      RequestRecord.Completed completed,
      RequestRecord.Routing route) {
    JsonBytes out = head.write(new JsonBytes(), head.kind().whole());
    out.raw("\"choices\":[{\"index\":0,");
    switch (head.kind()) {
      case CHAT -> message.write(out.raw("\"message\":"));
      case TEXT -> out.raw("\"text\":\"").escaped(message.content()).raw("\"");
    }
    out.raw(",\"logprobs\":null,\"finish_reason\":");
    AccountJson.finishReason(out, completed).raw("}],\"usage\":");
    AccountJson.usage(out, account.usage()).raw(",\"sluice\":");
    return AccountJson.account(out, account, route, head.requestId()).raw("}");
  }
}
