package dev.sluice.loadtest.report;

import dev.sluice.loadtest.report.SimulatedOutcome.Fate;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringJoiner;

/**
 * One line for each request of a run in virtual time, written as the requests end. The times of a
 * request without an answer are empty, and so is the time per token of a single token.
 */
public final class SimulatedOutcomeCsv implements Closeable {
  private static final String HEADER =
      "id,class,arrival_s,input_tokens,output_tokens,backend,accelerator,queued_s,ttft_s,tpot_s,"
          + "total_s,met,cost_usd,energy_j\n";

  private static final int SECOND_DECIMALS = 9;
  private static final int COST_DECIMALS = 12;
  private static final int ENERGY_DECIMALS = 6;

  private final Writer out;

  SimulatedOutcomeCsv(Writer out) throws IOException {
    this.out = out;
    out.write(HEADER);
  }

  /** Opens the file of a run in a report's folder, which must exist. */
  public static SimulatedOutcomeCsv open(Path folder, PolicyRun run) throws IOException {
    return new SimulatedOutcomeCsv(Files.newBufferedWriter(folder.resolve(fileName(run))));
  }

  /** The name of a run's file. */
  public static String fileName(PolicyRun run) {
    return "outcomes-%s-seed%d-x%s.csv"
        .formatted(
            run.policy().replaceAll("[^A-Za-z0-9_.-]", "_"),
            run.seed(),
            decimal(run.rateScale(), 6));
  }

  /** Writes a request that has ended. */
  public void write(SimulatedOutcome outcome) throws IOException {
    StringJoiner line = new StringJoiner(",", "", "\n");
    SimulatedOutcome.Arrival arrival = outcome.arrival();
    line.add(String.valueOf(arrival.id())).add(OutcomeCsv.plain(arrival.className()));
    line.add(seconds(arrival.arrivalNanos()));
    line.add(String.valueOf(arrival.inputTokens())).add(String.valueOf(arrival.outputTokens()));
    line.add(OutcomeCsv.plain(outcome.placement().backend()));
    line.add(OutcomeCsv.plain(outcome.placement().accelerator()));
    switch (outcome.fate()) {
      case Fate.Completed times -> {
        line.add(seconds(times.queuedNanos())).add(seconds(times.ttftNanos()));
        line.add(arrival.outputTokens() > 1 ? seconds(times.tpotNanos()) : "");
        line.add(seconds(times.totalNanos())).add(times.met() ? "1" : "0");
      }
      case Fate.Failed _ -> line.add("").add("").add("").add("").add("0");
    }
    line.add(decimal(outcome.costUsd(), COST_DECIMALS));
    line.add(decimal(outcome.energyJoules(), ENERGY_DECIMALS));
    out.write(line.toString());
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private static String seconds(long nanos) {
    return BigDecimal.valueOf(nanos, SECOND_DECIMALS).toPlainString();
  }

  private static String decimal(double value, int decimals) {
    double units = Math.rint(value * StrictMath.pow(10, decimals));
    return units == 0
        ? "0"
        : units < Long.MAX_VALUE
            ? BigDecimal.valueOf((long) units, decimals).stripTrailingZeros().toPlainString()
            : new BigDecimal(value).toPlainString();
  }
}
