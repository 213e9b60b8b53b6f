package dev.sluice.gateway.call;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the backend gets and no decision looks at. Its {@code toString} tells sizes, never contents.
 *
 * @param content what to work on
 * @param drawing how to draw tokens
 * @param session affinity key; empty: none
 * @param progress what the caller has of the answer already, from elsewhere
 */
public record Payload(Content content, Drawing drawing, String session, Progress progress) {

  /** The payload of an answer from its beginning. */
  public Payload(Content content, Drawing drawing, String session) {
    this(content, drawing, session, Progress.NONE);
  }

  /**
   * What was delivered of an answer before it broke off elsewhere.
   *
   * @param tokens number of tokens
   * @param text their text
   * @param ids their ids, one for each, or none where the engine did not tell them
   */
  public record Progress(int tokens, String text, List<Integer> ids) {

    /** Nothing yet. */
    public static final Progress NONE = new Progress(0, "", List.of());

    public Progress {
      ids = List.copyOf(ids);
    }

    @Override
    public String toString() {
      return "Progress[" + tokens + "]";
    }
  }

  /** What to work on: a prompt to continue, or inputs to embed. */
  public sealed interface Content {}

  /** What to continue. */
  public sealed interface Prompt extends Content {}

  /** A prompt that is also an input to embed. */
  public sealed interface Input extends Prompt {}

  /**
   * What to embed.
   *
   * @param inputs at least one
   * @param dimensions how long the vectors are to be; 0: as the model makes them
   */
  public record Inputs(List<Input> inputs, int dimensions) implements Content {
    public Inputs {
      inputs = List.copyOf(inputs);
    }

    @Override
    public String toString() {
      return "Inputs[" + inputs.size() + "]";
    }
  }

  /** Plain text. */
  public record Text(String text) implements Input {
    @Override
    public String toString() {
      return "Text[" + text.length() + " characters]";
    }
  }

  /**
   * A conversation.
   *
   * @param rolesAndContents roles and contents, alternating, oldest first
   * @param verbatim what there is beside them
   */
  public record Chat(List<String> rolesAndContents, Verbatim verbatim) implements Prompt {

    /** A conversation in words only. */
    public Chat(List<String> rolesAndContents) {
      this(rolesAndContents, Verbatim.NONE);
    }

    @Override
    public String toString() {
      return "Chat[" + rolesAndContents.size() / 2 + " messages]";
    }
  }

  /**
   * What a chat says in the words of OpenAI's API beside roles and contents. Nobody here looks into
   * it, but that it is JSON was seen.
   *
   * @param ofRequest members of an object that the whole request has, such as tools; empty: none
   * @param ofMessages members of an object for each message, such as calls of tools; no list at all
   *     where none has any
   */
  public record Verbatim(String ofRequest, List<String> ofMessages) {

    /** Nothing. */
    public static final Verbatim NONE = new Verbatim("", List.of());

    public Verbatim {
      ofMessages = List.copyOf(ofMessages);
    }

    /** What the message with this number says, from 0; empty: nothing. */
    public String ofMessage(int number) {
      return ofMessages.isEmpty() ? "" : ofMessages.get(number);
    }

    @Override
    public String toString() {
      return "Verbatim[" + ofRequest.length() + " characters, " + ofMessages.size() + " messages]";
    }
  }

  /** Token ids; not copied. */
  @SuppressWarnings("ArrayRecordComponent") // up to 10^5 ids per request, compared by nobody
  public record TokenIds(int[] ids) implements Input {
    @Override
    public String toString() {
      return "TokenIds[" + ids.length + "]";
    }
  }

  /** How tokens are drawn; null: the engine's default. */
  public record Drawing(
      @Nullable Double temperature,
      @Nullable Double topP,
      @Nullable Integer topK,
      @Nullable Long seed,
      List<String> stop) {
    /** All as the engine does it. */
    public static final Drawing DEFAULT = new Drawing(null, null, null, null, List.of());
  }
}
