package dev.sluice.gateway.transport.oip;

import dev.sluice.gateway.call.Assignment;
import dev.sluice.gateway.call.RequestRecord;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.inference.InferParameter;
import dev.sluice.inference.ModelInferResponse;
import java.util.Locale;
import java.util.stream.Collectors;

/** Parameters of responses that tell who serves a request, how it went, or why it did not. */
final class Account {

  private static final double NANOS_PER_MILLI = 1e6;

  private Account() {}

  /** Who serves it and what is expected. */
  static void attribution(
      ModelInferResponse.Builder response,
      InferenceRequest request,
      Assignment assignment,
      long overheadNanos) {
    text(response, "sluice_request_id", request.id());
    place(response, assignment);
    Assignment.Expectation expected = assignment.expectation();
    millis(response, "sluice_forecast_ttft_ms", expected.firstTokenNanos());
    millis(response, "sluice_forecast_tpot_ms", expected.perTokenNanos());
    millis(response, "sluice_forecast_ttft_p90_ms", expected.firstTokenP90Nanos());
    millis(response, "sluice_forecast_tpot_p90_ms", expected.perTokenP90Nanos());
    real(response, "sluice_forecast_probability", expected.probability());
    millis(response, "sluice_overhead_ms", overheadNanos);
    if (request.budget().totalNanos() > assignment.budget().totalNanos()) {
      millis(response, "sluice_effective_budget_ms", assignment.budget().totalNanos());
    }
  }

  private static void place(ModelInferResponse.Builder response, Assignment assignment) {
    text(response, "sluice_backend", assignment.backend());
    text(response, "sluice_accelerator", assignment.accelerator());
    if (!assignment.region().isEmpty()) {
      text(response, "sluice_region", assignment.region());
    }
  }

  /** How the text of an answer ended. */
  static void ending(
      ModelInferResponse.Builder response,
      RequestRecord account,
      RequestRecord.Completed completed) {
    text(response, "finish_reason", completed.reason().toLowerCase(Locale.ROOT));
    whole(response, "output_tokens", account.usage().outputTokens());
  }

  /** How it went. */
  static void account(
      ModelInferResponse.Builder response, RequestRecord account, RequestRecord.Routing route) {
    whole(response, "input_tokens", account.usage().inputTokens());
    whole(response, "cached_input_tokens", account.usage().cachedInputTokens());
    text(response, "sluice_counted_by", account.usage().counted().label());
    place(response, route.assignment());
    whole(response, "sluice_attempts", route.attempts());
    millis(response, "sluice_ttft_ms", account.times().firstTokenNanos());
    millis(response, "sluice_tpot_ms", account.times().perTokenNanos());
    millis(response, "sluice_total_ms", account.times().totalNanos());
    flag(response, "sluice_budget_met", account.missed().isEmpty());
    text(
        response,
        "sluice_missed",
        account.missed().stream()
            .map(part -> part.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(",")));
    text(
        response,
        "sluice_resumed_at",
        route.resumes().stream()
            .map(resume -> Integer.toString(resume.seam().index()))
            .collect(Collectors.joining(",")));
    real(response, "sluice_cost_usd", account.expense().costUsd());
    real(response, "sluice_energy_joules", account.expense().energyJoules());
  }

  /** Why it did not go. */
  static void failure(ModelInferResponse.Builder response, Failure failure, int tokensDelivered) {
    text(response, "sluice_reason", failure.reason().name());
    whole(response, "sluice_tokens_delivered", tokensDelivered);
    if (failure.retryAfterNanos() > 0) {
      millis(response, "sluice_retry_after_ms", failure.retryAfterNanos());
    }
    failure.details().forEach(detail -> text(response, detail.name(), detail.value()));
  }

  static void flag(ModelInferResponse.Builder response, String name, boolean value) {
    response.putParameters(name, InferParameter.newBuilder().setBoolParam(value).build());
  }

  private static void text(ModelInferResponse.Builder response, String name, String value) {
    response.putParameters(name, InferParameter.newBuilder().setStringParam(value).build());
  }

  private static void whole(ModelInferResponse.Builder response, String name, long value) {
    response.putParameters(name, InferParameter.newBuilder().setInt64Param(value).build());
  }

  private static void real(ModelInferResponse.Builder response, String name, double value) {
    response.putParameters(name, InferParameter.newBuilder().setDoubleParam(value).build());
  }

  private static void millis(ModelInferResponse.Builder response, String name, double nanos) {
    real(response, name, Math.round(nanos / NANOS_PER_MILLI * 1e3) / 1e3);
  }
}
