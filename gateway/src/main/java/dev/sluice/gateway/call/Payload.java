package dev.sluice.gateway.call;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the backend gets and no decision looks at. Its {@code toString} tells sizes, never contents.
 *
 * @param prompt what to continue
 * @param drawing how to draw tokens
 * @param session affinity key; empty: none
 */
public record Payload(Prompt prompt, Drawing drawing, String session) {

  /** What to continue. */
  public sealed interface Prompt {}

  /** Plain text. */
  public record Text(String text) implements Prompt {
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
  public record TokenIds(int[] ids) implements Prompt {
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
      List<String> stop) {}
}
