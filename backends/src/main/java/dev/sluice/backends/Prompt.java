package dev.sluice.backends;

import java.util.List;

/** What to work on. The variants' {@code toString} tell sizes, never contents. */
public sealed interface Prompt {

  /** What can stand alone, to be continued or embedded. */
  sealed interface Input extends Prompt {}

  /** Plain text, taken as it stands. */
  record Text(String text) implements Input {
    @Override
    public String toString() {
      return "Text[" + text.length() + " characters]";
    }
  }

  /** A conversation, oldest message first; at least one message. */
  record Chat(List<Message> messages) implements Prompt {
    public Chat {
      messages = List.copyOf(messages);
    }

    @Override
    public String toString() {
      return "Chat[" + messages.size() + " messages]";
    }
  }

  /**
   * Token ids of the model's own vocabulary; at least one.
   *
   * @param ids the ids; not copied, and not to be changed by anyone
   */
  @SuppressWarnings(
      "ArrayRecordComponent") // up to 10^5 ids per request, compared by nobody: boxing or copying
  // would cost
  record TokenIds(int[] ids) implements Input {
    @Override
    public String toString() {
      return "TokenIds[" + ids.length + "]";
    }
  }

  /**
   * One turn of a conversation: role {@code system}, {@code user}, {@code assistant} or {@code
   * tool}, and what is said.
   */
  record Message(String role, String content) {
    @Override
    public String toString() {
      return "Message[" + role + ", " + content.length() + " characters]";
    }
  }
}
