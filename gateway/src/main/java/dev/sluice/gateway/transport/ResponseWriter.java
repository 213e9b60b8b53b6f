package dev.sluice.gateway.transport;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.sluice.gateway.call.Assignment;
import dev.sluice.gateway.call.RequestRecord;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.BudgetPart;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.v1.Accelerator;
import dev.sluice.v1.Admitted;
import dev.sluice.v1.BudgetOutcome;
import dev.sluice.v1.CountSource;
import dev.sluice.v1.EmbedResponse;
import dev.sluice.v1.FinishReason;
import dev.sluice.v1.Finished;
import dev.sluice.v1.Forecast;
import dev.sluice.v1.GenerateResponse;
import dev.sluice.v1.Resume;
import dev.sluice.v1.Tokens;
import dev.sluice.v1.Usage;
import dev.sluice.v1.Vector;
import io.grpc.Metadata;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Encodes answers as {@code sluice.v1.GenerateResponse} and {@code EmbedResponse}. */
final class ResponseWriter {

  private static final Metadata.Key<String> EFFECTIVE_BUDGET =
      Metadata.Key.of("x-effective-budget-ms", Metadata.ASCII_STRING_MARSHALLER);

  private ResponseWriter() {}

  /** What goes before the first message: which total holds, if not the one that was asked for. */
  static Metadata headers(InferenceRequest request, Assignment assignment) {
    Metadata headers = new Metadata();
    if (request.budget().totalNanos() > assignment.budget().totalNanos()) {
      headers.put(EFFECTIVE_BUDGET, Long.toString(assignment.budget().totalNanos() / 1_000_000));
    }
    return headers;
  }

  static byte[] admitted(InferenceRequest request, Assignment assignment) {
    return GenerateResponse.newBuilder()
        .setAdmitted(
            Admitted.newBuilder()
                .setRequestId(request.id())
                .setBackend(assignment.backend())
                .setAccelerator(accelerator(assignment.accelerator()))
                .setRegion(assignment.region())
                .setForecast(forecast(assignment.expectation()))
                .setBudget(budget(assignment.budget())))
        .build()
        .toByteArray();
  }

  /**
   * Encodes tokens without building a message: this runs once for each token. Says the same as
   * {@code GenerateResponse.newBuilder().setTokens(…)}, which the tests compare it with.
   */
  static byte[] tokens(int index, int count, String text, List<Integer> ids) {
    int idBytes = 0;
    for (int id : ids) {
      idBytes += CodedOutputStream.computeUInt32SizeNoTag(id);
    }
    int size =
        (index == 0 ? 0 : CodedOutputStream.computeUInt32Size(Tokens.INDEX_FIELD_NUMBER, index))
            + CodedOutputStream.computeUInt32Size(Tokens.COUNT_FIELD_NUMBER, count)
            + (text.isEmpty()
                ? 0
                : CodedOutputStream.computeStringSize(Tokens.TEXT_FIELD_NUMBER, text))
            + (idBytes == 0
                ? 0
                : CodedOutputStream.computeTagSize(Tokens.IDS_FIELD_NUMBER)
                    + CodedOutputStream.computeUInt32SizeNoTag(idBytes)
                    + idBytes);
    byte[] message =
        new byte
            [CodedOutputStream.computeTagSize(GenerateResponse.TOKENS_FIELD_NUMBER)
                + CodedOutputStream.computeUInt32SizeNoTag(size)
                + size];
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(message);
      out.writeTag(GenerateResponse.TOKENS_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(size);
      if (index != 0) {
        out.writeUInt32(Tokens.INDEX_FIELD_NUMBER, index);
      }
      out.writeUInt32(Tokens.COUNT_FIELD_NUMBER, count);
      if (!text.isEmpty()) {
        out.writeString(Tokens.TEXT_FIELD_NUMBER, text);
      }
      writeIds(out, ids, idBytes);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return message;
  }

  private static void writeIds(CodedOutputStream out, List<Integer> ids, int idBytes)
      throws IOException {
    if (idBytes > 0) {
      out.writeTag(Tokens.IDS_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(idBytes);
      for (int id : ids) {
        out.writeUInt32NoTag(id);
      }
    }
  }

  static byte[] finished(
      RequestRecord account, RequestRecord.Completed completed, RequestRecord.Routing route) {
    RequestRecord.Times times = account.times();
    Finished.Builder finished =
        Finished.newBuilder()
            .setReason(FinishReason.valueOf("FINISH_REASON_" + completed.reason()))
            .setUsage(
                Usage.newBuilder()
                    .setInputTokens(account.usage().inputTokens())
                    .setOutputTokens(account.usage().outputTokens())
                    .setCachedInputTokens(account.usage().cachedInputTokens())
                    .setCounted(counted(account)))
            .setTimeToFirstToken(Durations.of(times.firstTokenNanos()))
            .setTotal(Durations.of(times.totalNanos()))
            .setBudget(outcome(account.missed()))
            .setAttempts(route.attempts())
            .setEstimatedCostUsd(account.expense().costUsd())
            .setEstimatedEnergyJoules(account.expense().energyJoules())
            .setBackend(route.assignment().backend())
            .setAccelerator(accelerator(route.assignment().accelerator()));
    for (RequestRecord.Resume resume : route.resumes()) {
      finished.addResumes(
          Resume.newBuilder()
              .setAtIndex(resume.seam().index())
              .setBackend(resume.assignment().backend())
              .setAccelerator(accelerator(resume.assignment().accelerator()))
              .setExact(resume.seam().exact()));
    }
    if (times.perTokenNanos() > 0) {
      finished.setTimePerOutputToken(Durations.of(times.perTokenNanos()));
    }
    return GenerateResponse.newBuilder().setFinished(finished).build().toByteArray();
  }

  private static CountSource counted(RequestRecord account) {
    return switch (account.usage().counted()) {
      case BACKEND -> CountSource.COUNT_SOURCE_BACKEND;
      case TOKENIZER -> CountSource.COUNT_SOURCE_TOKENIZER;
      case ESTIMATE -> CountSource.COUNT_SOURCE_ESTIMATE;
    };
  }

  /** The whole answer to {@code Embed}: vectors of {@code dimensions} values each, and account. */
  static byte[] embedded(
      RequestRecord account, RequestRecord.Routing route, int dimensions, float[] values) {
    Assignment assignment = route.assignment();
    EmbedResponse.Builder response =
        EmbedResponse.newBuilder()
            .setUsage(
                Usage.newBuilder()
                    .setInputTokens(account.usage().inputTokens())
                    .setCachedInputTokens(account.usage().cachedInputTokens())
                    .setCounted(counted(account)))
            .setRequestId(account.asked().id())
            .setBackend(assignment.backend())
            .setAccelerator(accelerator(assignment.accelerator()))
            .setRegion(assignment.region())
            .setForecast(forecast(assignment.expectation()))
            .setTotal(Durations.of(account.times().totalNanos()))
            .setOutcome(outcome(account.missed()))
            .setAttempts(route.attempts())
            .setEstimatedCostUsd(account.expense().costUsd())
            .setEstimatedEnergyJoules(account.expense().energyJoules());
    if (assignment.budget().totalNanos() > 0) {
      response.setBudget(budget(new Budget(0, 0, assignment.budget().totalNanos())));
    }
    for (int first = 0; first < values.length; first += dimensions) {
      Vector.Builder vector = Vector.newBuilder();
      for (int i = first; i < first + dimensions; i++) {
        vector.addValues(values[i]);
      }
      response.addVectors(vector);
    }
    return response.build().toByteArray();
  }

  private static Forecast forecast(Assignment.Expectation expected) {
    return Forecast.newBuilder()
        .setTimeToFirstToken(Durations.of((long) expected.firstTokenNanos()))
        .setTimePerOutputToken(Durations.of((long) expected.perTokenNanos()))
        .setTotal(Durations.of((long) expected.totalNanos()))
        .setProbability(expected.probability())
        .setTimeToFirstTokenP90(Durations.of((long) expected.firstTokenP90Nanos()))
        .setTimePerOutputTokenP90(Durations.of((long) expected.perTokenP90Nanos()))
        .build();
  }

  private static BudgetOutcome outcome(List<BudgetPart> missed) {
    BudgetOutcome.Builder outcome = BudgetOutcome.newBuilder().setMet(missed.isEmpty());
    for (BudgetPart part : missed) {
      outcome.addMissed(
          switch (part) {
            case TIME_TO_FIRST_TOKEN -> dev.sluice.v1.BudgetPart.BUDGET_PART_TIME_TO_FIRST_TOKEN;
            case TIME_PER_OUTPUT_TOKEN ->
                dev.sluice.v1.BudgetPart.BUDGET_PART_TIME_PER_OUTPUT_TOKEN;
            case TOTAL -> dev.sluice.v1.BudgetPart.BUDGET_PART_TOTAL;
          });
    }
    return outcome.build();
  }

  static Accelerator accelerator(String kind) {
    return Accelerator.valueOf("ACCELERATOR_" + kind);
  }

  static dev.sluice.v1.Budget budget(Budget budget) {
    dev.sluice.v1.Budget.Builder message = dev.sluice.v1.Budget.newBuilder();
    if (budget.firstTokenNanos() > 0) {
      message.setTimeToFirstToken(Durations.of(budget.firstTokenNanos()));
    }
    if (budget.perTokenNanos() > 0) {
      message.setTimePerOutputToken(Durations.of(budget.perTokenNanos()));
    }
    if (budget.totalNanos() > 0) {
      message.setTotal(Durations.of(budget.totalNanos()));
    }
    return message.build();
  }
}
