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

  /**
   * A conversation.
   *
   * @param messages its messages, oldest first; at least one
   * @param verbatim what else the caller asks for in the words of OpenAI's API, tools and the form
   *     of the answer, which nobody here looks into: members of a JSON object; empty for none
   */
  record Chat(List<Message> messages, String verbatim) implements Prompt {
    public Chat {
      messages = List.copyOf(messages);
    }

    /** A conversation in words only. */
    public Chat(List<Message> messages) {
      this(messages, "");
    }

    /** Whether it is more than words: parts of the answer may be none either. */
    public boolean isMoreThanWords() {
      return !verbatim.isEmpty()
          || messages.stream().anyMatch(message -> !message.verbatim().isEmpty());
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
   * One turn of a conversation.
   *
   * @param role {@code system}, {@code user}, {@code assistant} or {@code tool}
   * @param content what is said
   * @param verbatim what else there is in the words of OpenAI's API, such as calls of tools:
   *     members of a JSON object; empty for none
   */
  record Message(String role, String content, String verbatim) {

    /** A turn in words only. */
    public Message(String role, String content) {
      this(role, content, "");
    }

    @Override
    public String toString() {
      return "Message[" + role + ", " + content.length() + " characters]";
    }
  }
}
