package dev.sluice.backends;

import java.util.List;

/** What to continue. The variants' {@code toString} tell sizes, never contents. */
public sealed interface Prompt {

  /** Plain text, continued as it stands. */
  record Text(String text) implements Prompt {
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
  record TokenIds(int[] ids) implements Prompt {
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
