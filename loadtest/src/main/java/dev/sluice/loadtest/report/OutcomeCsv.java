package dev.sluice.loadtest.report;

import java.io.IOException;
import java.io.Writer;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/** One line for each request: {@code outcomes.csv}. */
final class OutcomeCsv {
  private static final String HEADER =
      "index,class,input_tokens,output_tokens,intended_ns,sent_ns,admitted_ns,first_token_ns,last_token_ns,closed_ns,outcome,reason,attained,flagged,messages,tokens,lost,repeated,reordered,backend,accelerator,forecast_ttft_ns,forecast_tpot_ns,forecast_probability,forecast_ttft_p90_ns,forecast_tpot_p90_ns,gateway_ttft_ns,gateway_tpot_ns,gateway_total_ns,attempts,cost_usd,energy_joules,counted_by\n";

  private static final Pattern PLAIN = Pattern.compile("(?!-)[A-Za-z0-9_.:/ -]*");

  private OutcomeCsv() {}

  static void write(RunResult run, Writer out) throws IOException {
    out.write(HEADER);
    for (RequestResult result : run.results()) {
      StringJoiner line = new StringJoiner(",", "", "\n");
      addRequest(line, result, run.client());
      addService(line, result);
      out.write(line.toString());
    }
  }

  private static void addRequest(StringJoiner line, RequestResult result, ClientHealth client) {
    line.add(String.valueOf(result.request().index()));
    line.add(result.request().serviceClass().name());
    line.add(String.valueOf(result.request().inputTokens()));
    line.add(String.valueOf(result.request().outputTokens()));
    Timeline times = result.times();
    line.add(time(times.intendedNanos())).add(time(times.sentNanos()));
    line.add(time(times.admittedNanos())).add(time(times.firstTokenNanos()));
    line.add(time(times.lastTokenNanos())).add(time(times.closedNanos()));
    line.add(result.ending().outcome().key()).add(plain(result.ending().reason()));
    line.add(result.attained() ? "1" : "0").add(client.touched(result) ? "1" : "0");
  }

  private static void addService(StringJoiner line, RequestResult result) {
    TokenTally tokens = result.tokens();
    line.add(String.valueOf(tokens.messages())).add(String.valueOf(tokens.received()));
    line.add(String.valueOf(tokens.lost())).add(String.valueOf(tokens.repeated()));
    line.add(String.valueOf(tokens.reordered()));
    line.add(plain(result.placement().backend())).add(plain(result.placement().accelerator()));
    Forecast forecast = result.forecast();
    line.add(forecast == null ? "" : String.valueOf(forecast.ttftNanos()));
    line.add(forecast == null ? "" : String.valueOf(forecast.tpotNanos()));
    line.add(forecast == null ? "" : String.valueOf(forecast.probability()));
    line.add(forecast == null ? "" : String.valueOf(forecast.ttftP90Nanos()));
    line.add(forecast == null ? "" : String.valueOf(forecast.tpotP90Nanos()));
    Account account = result.account();
    line.add(account == null ? "" : String.valueOf(account.ttftNanos()));
    line.add(account == null ? "" : String.valueOf(account.tpotNanos()));
    line.add(account == null ? "" : String.valueOf(account.totalNanos()));
    line.add(account == null ? "" : String.valueOf(account.attempts()));
    line.add(account == null ? "" : String.valueOf(account.costUsd()));
    line.add(account == null ? "" : String.valueOf(account.energyJoules()));
    line.add(account == null ? "" : account.countedBy());
  }

  private static String time(long nanos) {
    return nanos == Timeline.NEVER ? "" : String.valueOf(nanos);
  }

  /** Names come from the target: none may break the line or start a spreadsheet formula. */
  static String plain(String name) {
    return PLAIN.matcher(name).matches()
        ? name
        : name.replaceAll("[^A-Za-z0-9_.:/ -]", "_").replaceFirst("^-", "_");
  }
}
