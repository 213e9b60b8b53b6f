package dev.sluice.gateway.transport.http;

import dev.sluice.gateway.call.RequestRecord;
import java.util.Locale;

/** The account of an answered request in OpenAI's terms, and what OpenAI has no terms for. */
final class AccountJson {

  private AccountJson() {}

  /** Why the answer ended, as a JSON string. */
  static JsonBytes finishReason(JsonBytes out, RequestRecord.Completed completed) {
    return out.string(completed.reason().toLowerCase(Locale.ROOT));
  }

  static JsonBytes usage(JsonBytes out, RequestRecord.Usage usage) {
    return out.raw("{\"prompt_tokens\":")
        .number(usage.inputTokens())
        .raw(",\"completion_tokens\":")
        .number(usage.outputTokens())
        .raw(",\"total_tokens\":")
        .number((long) usage.inputTokens() + usage.outputTokens())
        .raw(",\"prompt_tokens_details\":{\"cached_tokens\":")
        .number(usage.cachedInputTokens())
        .raw("}}");
  }

  /** What {@code Finished} tells over gRPC beside usage and reason. */
  static JsonBytes account(
      JsonBytes out, RequestRecord account, RequestRecord.Routing route, String requestId) {
    RequestRecord.Times times = account.times();
    out.raw("{\"request_id\":\"").raw(requestId).raw("\",\"backend\":");
    out.string(route.assignment().backend()).raw(",\"accelerator\":");
    out.string(route.assignment().accelerator()).raw(",\"attempts\":").number(route.attempts());
    out.raw(",\"counted_by\":").string(account.usage().counted().label());
    out.raw(",\"ttft_ms\":").millis(times.firstTokenNanos());
    out.raw(",\"tpot_ms\":").millis(times.perTokenNanos());
    out.raw(",\"total_ms\":").millis(times.totalNanos());
    out.raw(",\"budget_met\":").raw(account.missed().isEmpty() ? "true" : "false");
    out.raw(",\"missed\":[");
    for (int i = 0; i < account.missed().size(); i++) {
      out.raw(i == 0 ? "" : ",").string(account.missed().get(i).name().toLowerCase(Locale.ROOT));
    }
    out.raw("],\"resumes\":[");
    for (int i = 0; i < route.resumes().size(); i++) {
      RequestRecord.Resume resume = route.resumes().get(i);
      out.raw(i == 0 ? "" : ",").raw("{\"at_index\":").number(resume.seam().index());
      out.raw(",\"backend\":").string(resume.assignment().backend());
      out.raw(",\"exact\":").raw(resume.seam().exact() ? "true}" : "false}");
    }
    out.raw("],\"cost_usd\":").raw(Double.toString(account.expense().costUsd()));
    return out.raw(",\"energy_joules\":")
        .raw(Double.toString(account.expense().energyJoules()))
        .raw("}");
  }
}
