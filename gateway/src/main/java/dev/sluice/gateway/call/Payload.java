package dev.sluice.gateway.call;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the backend gets and no decision looks at. Its {@code toString} tells sizes, never contents.
 *
 * @param content what to work on
 * @param drawing how to draw tokens
 * @param session affinity key; empty: none
 */
public record Payload(Content content, Drawing drawing, String session) {

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

  /** A conversation: roles and contents, alternating, oldest first. */
  public record Chat(List<String> rolesAndContents) implements Prompt {
    @Override
    public String toString() {
      return "Chat[" + rolesAndContents.size() / 2 + " messages]";
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
