package dev.sluice.gateway.accounting;

import dev.sluice.gateway.call.Assignment;
import dev.sluice.gateway.call.RequestRecord;
import dev.sluice.gateway.core.request.Failure;

/** A record as one log line of {@code key=value} pairs. No prompt text: a record holds none. */
record RecordLine(RequestRecord account) {

  @Override
  public String toString() {
    StringBuilder line = new StringBuilder(256);
    add(line, "id", account.asked().id());
    add(line, "model", account.asked().model());
    RequestRecord.Routing route = account.route();
    if (route != null) {
      Assignment assignment = route.assignment();
      add(line, "class", route.request().serviceClass().name());
      add(line, "backend", assignment.backend());
      add(line, "accelerator", assignment.accelerator());
      Assignment.Expectation expected = assignment.expectation();
      addMillis(line, "forecast_ttft_ms", expected.firstTokenNanos());
      addMillis(line, "forecast_tpot_ms", expected.perTokenNanos());
      addMillis(line, "forecast_ttft_p90_ms", expected.firstTokenP90Nanos());
      addMillis(line, "forecast_tpot_p90_ms", expected.perTokenP90Nanos());
      add(line, "attempts", Integer.toString(route.attempts()));
      for (RequestRecord.Resume resume : route.resumes()) {
        add(line, "resumed_at", Integer.toString(resume.seam().index()));
      }
    }
    switch (account.outcome()) {
      case RequestRecord.Completed(String reason) -> {
        add(line, "outcome", "completed");
        add(line, "reason", reason);
      }
      case RequestRecord.Failed(Failure failure) -> {
        add(line, "outcome", "failed");
        add(line, "reason", failure.reason().name());
      }
    }
    add(line, "input_tokens", Integer.toString(account.usage().inputTokens()));
    add(line, "output_tokens", Integer.toString(account.usage().outputTokens()));
    add(line, "counted_by", account.usage().counted().label());
    addMillis(line, "ttft_ms", (double) account.times().firstTokenNanos());
    addMillis(line, "tpot_ms", (double) account.times().perTokenNanos());
    addMillis(line, "total_ms", (double) account.times().totalNanos());
    add(line, "missed", account.missed().isEmpty() ? "-" : account.missed().toString());
    return line.toString();
  }

  private static void add(StringBuilder line, String key, String value) {
    if (!line.isEmpty()) {
      line.append(' ');
    }
    line.append(key).append('=').append(value.isEmpty() ? "-" : value);
  }

  /**
   * Milliseconds with two decimals; by hand, since a formatter costs more than all the rest of the
   * line.
   */
  private static void addMillis(StringBuilder line, String key, double nanos) {
    long hundredths = Math.round(nanos / 1e4);
    add(line, key, Long.toString(hundredths / 100));
    line.append('.')
        .append((char) ('0' + hundredths / 10 % 10))
        .append((char) ('0' + hundredths % 10));
  }
}
