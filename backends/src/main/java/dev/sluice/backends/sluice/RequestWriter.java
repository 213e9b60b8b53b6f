package dev.sluice.backends.sluice;

import com.google.protobuf.Duration;
import dev.sluice.backends.Embedding;
import dev.sluice.backends.Generation;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.Resumption;
import dev.sluice.backends.Sampling;
import dev.sluice.v1.Budget;
import dev.sluice.v1.Chat;
import dev.sluice.v1.EmbedRequest;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.Hints;
import dev.sluice.v1.Message;
import dev.sluice.v1.Progress;
import dev.sluice.v1.TokenIds;

/** Says requests as messages of {@code sluice.v1}. */
final class RequestWriter {

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private RequestWriter() {}

  static GenerateRequest write(Generation generation) {
    Generation.Terms terms = generation.terms();
    GenerateRequest.Builder request =
        GenerateRequest.newBuilder()
            .setModel(generation.model())
            .setSampling(sampling(generation.sampling()))
            .setServiceClass(terms.serviceClass())
            .setSession(terms.session())
            .setRequestId(generation.requestId())
            .setResumption(resumption(generation.resumption()));
    addPrompt(request, generation.prompt());
    if (terms.firstTokenNanos() > 0 || terms.perTokenNanos() > 0 || terms.totalNanos() > 0) {
      request.setBudget(budget(terms));
    }
    if (generation.progress().tokens() > 0) {
      request.setProgress(
          Progress.newBuilder()
              .setTokens(generation.progress().tokens())
              .setText(generation.progress().text())
              .addAllIds(generation.progress().ids()));
    }
    if (terms.expectedOutputTokens() > 0) {
      request.setHints(Hints.newBuilder().setExpectedOutputTokens(terms.expectedOutputTokens()));
    }
    return request.build();
  }

  /** Says an {@link Embedding} as a {@code sluice.v1.EmbedRequest}. */
  static EmbedRequest write(Embedding embedding) {
    Generation.Terms terms = embedding.terms();
    EmbedRequest.Builder request =
        EmbedRequest.newBuilder()
            .setModel(embedding.model())
            .setDimensions(embedding.dimensions())
            .setServiceClass(terms.serviceClass())
            .setSession(terms.session())
            .setRequestId(embedding.requestId());
    for (Prompt.Input input : embedding.inputs()) {
      switch (input) {
        case Prompt.Text(String text) -> request.addInputsBuilder().setText(text);
        case Prompt.TokenIds(int[] ids) -> request.addInputsBuilder().setTokens(tokenIds(ids));
      }
    }
    if (terms.totalNanos() > 0) {
      request.setBudget(Budget.newBuilder().setTotal(duration(terms.totalNanos())));
    }
    return request.build();
  }

  private static dev.sluice.v1.Resumption resumption(Resumption resumption) {
    return switch (resumption) {
      case NEVER -> dev.sluice.v1.Resumption.RESUMPTION_NEVER;
      case EXACT -> dev.sluice.v1.Resumption.RESUMPTION_EXACT;
      case PLAUSIBLE -> dev.sluice.v1.Resumption.RESUMPTION_PLAUSIBLE;
    };
  }

  private static void addPrompt(GenerateRequest.Builder request, Prompt prompt) {
    switch (prompt) {
      case Prompt.Text(String text) -> request.setText(text);
      case Prompt.Chat chat -> {
        Chat.Builder messages = Chat.newBuilder();
        for (Prompt.Message message : chat.messages()) {
          messages.addMessages(
              Message.newBuilder().setRole(message.role()).setContent(message.content()));
        }
        request.setChat(messages);
      }
      case Prompt.TokenIds(int[] ids) -> request.setTokens(tokenIds(ids));
    }
  }

  private static TokenIds tokenIds(int[] ids) {
    TokenIds.Builder tokens = TokenIds.newBuilder();
    for (int id : ids) {
      tokens.addIds(id);
    }
    return tokens.build();
  }

  private static dev.sluice.v1.Sampling sampling(Sampling sampling) {
    dev.sluice.v1.Sampling.Builder message =
        dev.sluice.v1.Sampling.newBuilder()
            .setMaxOutputTokens(sampling.maxOutputTokens())
            .addAllStop(sampling.stop());
    if (sampling.temperature() != null) {
      message.setTemperature(sampling.temperature());
    }
    if (sampling.topP() != null) {
      message.setTopP(sampling.topP());
    }
    if (sampling.topK() != null) {
      message.setTopK(sampling.topK());
    }
    if (sampling.seed() != null) {
      message.setSeed(sampling.seed());
    }
    return message.build();
  }

  private static Budget budget(Generation.Terms terms) {
    Budget.Builder budget = Budget.newBuilder();
    if (terms.firstTokenNanos() > 0) {
      budget.setTimeToFirstToken(duration(terms.firstTokenNanos()));
    }
    if (terms.perTokenNanos() > 0) {
      budget.setTimePerOutputToken(duration(terms.perTokenNanos()));
    }
    if (terms.totalNanos() > 0) {
      budget.setTotal(duration(terms.totalNanos()));
    }
    return budget.build();
  }

  private static Duration duration(long nanos) {
    return Duration.newBuilder()
        .setSeconds(nanos / NANOS_PER_SECOND)
        .setNanos((int) (nanos % NANOS_PER_SECOND))
        .build();
  }
}
