package dev.sluice.backends.emulated.server;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Duration;
import com.google.protobuf.WireFormat;
import dev.sluice.backends.Completion;
import dev.sluice.backends.Embedding;
import dev.sluice.backends.Generation;
import dev.sluice.backends.TokenChunk;
import dev.sluice.backends.Vectors;
import dev.sluice.v1.Accelerator;
import dev.sluice.v1.Admitted;
import dev.sluice.v1.BudgetOutcome;
import dev.sluice.v1.BudgetPart;
import dev.sluice.v1.EmbedResponse;
import dev.sluice.v1.FinishReason;
import dev.sluice.v1.Finished;
import dev.sluice.v1.GenerateResponse;
import dev.sluice.v1.Tokens;
import dev.sluice.v1.Usage;
import dev.sluice.v1.Vector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encodes the events of an answer as {@code sluice.v1.GenerateResponse}. */
final class ResponseWriter {

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private ResponseWriter() {}

  static byte[] admitted(String requestId, AcceleratorServer.Served served) {
    return GenerateResponse.newBuilder()
        .setAdmitted(
            Admitted.newBuilder()
                .setRequestId(requestId)
                .setBackend(served.profile())
                .setAccelerator(accelerator(served)))
        .build()
        .toByteArray();
  }

  static Accelerator accelerator(AcceleratorServer.Served served) {
    return switch (served.kind()) {
      case GPU -> Accelerator.ACCELERATOR_GPU;
      case LPU -> Accelerator.ACCELERATOR_LPU;
      case WAFER -> Accelerator.ACCELERATOR_WAFER;
      case TPU -> Accelerator.ACCELERATOR_TPU;
      case RDU -> Accelerator.ACCELERATOR_RDU;
      case NPU -> Accelerator.ACCELERATOR_NPU;
      case CPU -> Accelerator.ACCELERATOR_CPU;
    };
  }

  /**
   * Encodes tokens without building a message: this runs once for each token. Says the same as the
   * generated builder, with which the tests compare it.
   */
  static byte[] tokens(TokenChunk chunk) {
    byte[] wire = chunk.wire();
    if (wire != null) {
      return wire;
    }
    int idBytes = 0;
    for (int id : chunk.ids()) {
      idBytes += CodedOutputStream.computeUInt32SizeNoTag(id);
    }
    int size = tokensSize(chunk, idBytes);
    int outerSize =
        CodedOutputStream.computeTagSize(GenerateResponse.TOKENS_FIELD_NUMBER)
            + CodedOutputStream.computeUInt32SizeNoTag(size);
    byte[] message = new byte[outerSize + size];
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(message);
      out.writeTag(GenerateResponse.TOKENS_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(size);
      if (chunk.index() != 0) {
        out.writeUInt32(Tokens.INDEX_FIELD_NUMBER, chunk.index());
      }
      out.writeUInt32(Tokens.COUNT_FIELD_NUMBER, chunk.count());
      if (!chunk.text().isEmpty()) {
        out.writeString(Tokens.TEXT_FIELD_NUMBER, chunk.text());
      }
      writeIds(out, chunk.ids(), idBytes);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return message;
  }

  private static int tokensSize(TokenChunk chunk, int idBytes) {
    int size = CodedOutputStream.computeUInt32Size(Tokens.COUNT_FIELD_NUMBER, chunk.count());
    if (chunk.index() != 0) {
      size += CodedOutputStream.computeUInt32Size(Tokens.INDEX_FIELD_NUMBER, chunk.index());
    }
    if (!chunk.text().isEmpty()) {
      size += CodedOutputStream.computeStringSize(Tokens.TEXT_FIELD_NUMBER, chunk.text());
    }
    if (idBytes > 0) {
      size +=
          CodedOutputStream.computeTagSize(Tokens.IDS_FIELD_NUMBER)
              + CodedOutputStream.computeUInt32SizeNoTag(idBytes)
              + idBytes;
    }
    return size;
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
      Completion completion, Times times, Generation.Terms terms, AcceleratorServer.Served served) {
    Finished.Builder finished =
        Finished.newBuilder()
            .setReason(reason(completion.reason()))
            .setUsage(
                Usage.newBuilder()
                    .setInputTokens(completion.inputTokens())
                    .setOutputTokens(completion.outputTokens())
                    .setCachedInputTokens(completion.cachedInputTokens()))
            .setTimeToFirstToken(duration(times.firstTokenNanos()))
            .setTotal(duration(times.totalNanos()))
            .setBudget(outcome(times, terms))
            .setAttempts(1)
            .setBackend(served.profile())
            .setAccelerator(accelerator(served));
    if (times.perTokenNanos() > 0) {
      finished.setTimePerOutputToken(duration(times.perTokenNanos()));
    }
    return GenerateResponse.newBuilder().setFinished(finished).build().toByteArray();
  }

  /**
   * The answer to {@code embedding} as a {@code sluice.v1.EmbedResponse}.
   *
   * @param vectors null where an accelerator was told to leave them out
   */
  static byte[] embedded(
      @Nullable Vectors vectors,
      Completion completion,
      long totalNanos,
      Embedding embedding,
      AcceleratorServer.Served served) {
    BudgetOutcome.Builder outcome = BudgetOutcome.newBuilder();
    if (missed(embedding.terms().totalNanos(), totalNanos)) {
      outcome.addMissed(BudgetPart.BUDGET_PART_TOTAL);
    }
    EmbedResponse.Builder response =
        EmbedResponse.newBuilder()
            .setUsage(
                Usage.newBuilder()
                    .setInputTokens(completion.inputTokens())
                    .setCachedInputTokens(completion.cachedInputTokens()))
            .setRequestId(embedding.requestId())
            .setBackend(served.profile())
            .setAccelerator(accelerator(served))
            .setTotal(duration(totalNanos))
            .setOutcome(outcome.setMet(outcome.getMissedCount() == 0))
            .setAttempts(1);
    for (int i = 0; vectors != null && i < vectors.count(); i++) {
      response.addVectors(vector(vectors, i));
    }
    return response.build().toByteArray();
  }

  private static Vector vector(Vectors vectors, int index) {
    Vector.Builder vector = Vector.newBuilder();
    int first = index * vectors.dimensions();
    for (int i = first; i < first + vectors.dimensions(); i++) {
      vector.addValues(vectors.values()[i]);
    }
    return vector.build();
  }

  private static FinishReason reason(Completion.Reason reason) {
    return switch (reason) {
      case STOP -> FinishReason.FINISH_REASON_STOP;
      case LENGTH -> FinishReason.FINISH_REASON_LENGTH;
      case CONTENT_FILTER -> FinishReason.FINISH_REASON_CONTENT_FILTER;
      case TOOL_CALLS -> FinishReason.FINISH_REASON_TOOL_CALLS;
    };
  }

  private static BudgetOutcome outcome(Times times, Generation.Terms terms) {
    BudgetOutcome.Builder outcome = BudgetOutcome.newBuilder();
    if (missed(terms.firstTokenNanos(), times.firstTokenNanos())) {
      outcome.addMissed(BudgetPart.BUDGET_PART_TIME_TO_FIRST_TOKEN);
    }
    if (missed(terms.perTokenNanos(), times.perTokenNanos())) {
      outcome.addMissed(BudgetPart.BUDGET_PART_TIME_PER_OUTPUT_TOKEN);
    }
    if (missed(terms.totalNanos(), times.totalNanos())) {
      outcome.addMissed(BudgetPart.BUDGET_PART_TOTAL);
    }
    return outcome.setMet(outcome.getMissedCount() == 0).build();
  }

  private static boolean missed(long budgetNanos, long takenNanos) {
    return budgetNanos > 0 && takenNanos > budgetNanos;
  }

  private static Duration duration(long nanos) {
    return Duration.newBuilder()
        .setSeconds(nanos / NANOS_PER_SECOND)
        .setNanos((int) (nanos % NANOS_PER_SECOND))
        .build();
  }

  /**
   * Times of an answer, from its request's arrival.
   *
   * @param firstTokenNanos to the first token
   * @param perTokenNanos mean for each token after the first; 0 for a single token
   * @param totalNanos to the last token
   */
  record Times(long firstTokenNanos, long perTokenNanos, long totalNanos) {}
}
