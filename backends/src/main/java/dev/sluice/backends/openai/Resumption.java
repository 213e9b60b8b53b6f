package dev.sluice.backends.openai;

import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Generation;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.openai.http.BlockingExchange;
import dev.sluice.backends.openai.http.ResponseHead;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The request that makes an engine go on with an answer that another began: the prompt, and after
 * it what was said, as text, since engines rebuild ids from text more truly than they tell them.
 *
 * <p>A continuation that is declared exact is so only where nothing is drawn by chance: at any
 * other temperature than 0 it is refused.
 */
final class Resumption {

  private static final JsonFactory JSON = new JsonFactory();

  private final OpenAiBackend backend;
  private final OpenAiCall call;

  Resumption(OpenAiBackend backend, OpenAiCall call) {
    this.backend = backend;
    this.call = call;
  }

  /** The answer cannot be gone on with here. */
  static final class ImpossibleException extends Exception {
    private final transient BackendFailure failure;

    ImpossibleException(BackendFailure failure) {
      super(failure.detail());
      this.failure = failure;
    }

    BackendFailure failure() {
      return failure;
    }
  }

  RequestWriter.Written of(Generation generation) throws IOException, ImpossibleException {
    Double temperature = generation.sampling().temperature();
    switch (backend.terms().continuation()) {
      case NONE -> throw impossible("continuation: none");
      case EXACT -> {
        if (temperature == null || temperature != 0) {
          throw impossible("continuation: exact at temperature 0 only");
        }
      }
      case PLAUSIBLE -> {}
    }
    RequestWriter writer = backend.writer();
    Generation.Progress progress = generation.progress();
    return switch (generation.prompt()) {
      case Prompt.Text(String text) ->
          backend.terms().preset().dialect().textAsChat()
              ? chat(List.of(new Prompt.Message("user", text)), generation)
              : writer.completion(text + progress.text(), generation);
      case Prompt.Chat chat -> {
        if (chat.isMoreThanWords()) {
          throw impossible("continuation: none of an answer with tools or of a given form");
        }
        yield chat(chat.messages(), generation);
      }
      case Prompt.TokenIds(int[] ids) -> {
        if (progress.ids().size() != progress.tokens()) {
          throw impossible("continuation: token ids of the prompt, and none of the answer");
        }
        yield writer.ids(ids, progress.ids(), generation);
      }
    };
  }

  private RequestWriter.Written chat(List<Prompt.Message> messages, Generation generation)
      throws IOException, ImpossibleException {
    String said = generation.progress().text();
    return switch (backend.terms().preset().dialect().chatResume()) {
      case APPLY_TEMPLATE -> backend.writer().completion(rendered(messages) + said, generation);
      case FINAL_MESSAGE -> {
        List<Prompt.Message> longer = new ArrayList<>(messages);
        longer.add(new Prompt.Message("assistant", said));
        yield backend.writer().chat(longer, generation, true);
      }
      case NONE -> throw impossible("continuation: none of a chat");
    };
  }

  private String rendered(List<Prompt.Message> messages) throws IOException, ImpossibleException {
    try (BlockingExchange exchange = call.openBlocking()) {
      ResponseHead head =
          exchange.send(
              backend.post(
                  backend.terms().url().beside("/apply-template"),
                  RequestWriter.template(messages)),
              0);
      byte[] body = Bodies.read(exchange);
      if (head.status() != 200) {
        Event none = new Event();
        none.clear();
        throw new ImpossibleException(backend.refusals().of(head, none));
      }
      return prompt(body);
    }
  }

  private String prompt(byte[] body) throws ImpossibleException {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
      JsonToken token = parser.nextToken();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean isPrompt = parser.currentName().equals("prompt");
        token = parser.nextToken();
        if (isPrompt && token == JsonToken.VALUE_STRING) {
          return parser.getString();
        }
        parser.skipChildren();
      }
    } catch (JacksonException _) {
      // no prompt either
    }
    throw new ImpossibleException(backend.refusals().violation("apply-template: no prompt"));
  }

  private ImpossibleException impossible(String why) {
    return new ImpossibleException(backend.refusals().invalid(why));
  }
}
