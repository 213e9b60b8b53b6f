package dev.sluice.backends.openai;

import dev.sluice.backends.Ability;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is peculiar to one engine; {@code presets.yaml} says what each key means.
 *
 * @param name name in the configuration
 * @param dialect how it is asked
 * @param account where its answers keep numbers
 * @param connections how long its connections serve
 * @param abilities what it does beyond words unless the fleet says otherwise
 * @param resets headers that tell when a limit ends, the most trusted first
 * @param load where it says how busy it is
 * @param embeds whether it has {@code /embeddings}
 */
record Preset(
    String name,
    Dialect dialect,
    Account account,
    Connections connections,
    Set<Ability> abilities,
    List<String> resets,
    Load load,
    boolean embeds) {

  Preset {
    abilities = Collections.unmodifiableSet(abilities);
    resets = List.copyOf(resets);
  }

  /** How a chat is continued. */
  enum ChatResume {
    /** The engine renders the chat, and its text is completed. */
    APPLY_TEMPLATE,
    /** The chat ends with the assistant's unfinished message. */
    FINAL_MESSAGE,
    /** It can not be. */
    NONE
  }

  /**
   * How an engine is asked.
   *
   * @param textAsChat whether plain text is asked as a chat
   * @param keys which keys it understands
   * @param request what every request says besides
   * @param streamOptions what its {@code stream_options} say
   * @param chatResume how a chat is continued
   */
  record Dialect(
      boolean textAsChat,
      Keys keys,
      Map<String, Object> request,
      Map<String, Object> streamOptions,
      ChatResume chatResume) {}

  /**
   * Keys that not all understand.
   *
   * @param mostTokens name of the one that limits the answer's length
   * @param tokenIds whether a prompt may be token ids
   * @param seed whether a draw can be repeated
   * @param topK whether {@code top_k} is understood
   */
  record Keys(String mostTokens, boolean tokenIds, boolean seed, boolean topK) {}

  /**
   * Where an event keeps numbers, as dotted paths.
   *
   * @param usage of the account, the first that is there counts
   * @param running of the tokens so far; empty: nowhere
   * @param queueTime of the seconds that the request waited, within the account or, after {@code
   *     ../}, beside it; empty: nowhere
   */
  record Account(List<String> usage, String running, String queueTime) {
    Account {
      usage = List.copyOf(usage);
    }
  }

  /**
   * How long a connection serves.
   *
   * @param idleNanos longest time between two exchanges
   * @param exchanges most exchanges; 0: any number
   */
  record Connections(long idleNanos, int exchanges) {}

  /**
   * Names of Prometheus metrics; empty: none.
   *
   * @param path where they are, from the server's root
   * @param running generations with a slot
   * @param waiting generations without
   * @param cache share of the key-value cache in use
   */
  record MetricNames(String path, String running, String waiting, String cache) {}

  /**
   * Names of metrics in a response's header (ORCA); empty: none.
   *
   * @param waiting generations without a slot
   * @param cache share of the key-value cache in use
   */
  record HeaderNames(String waiting, String cache) {

    /** Whether the header tells anything. */
    boolean areAny() {
      return !waiting.isEmpty() || !cache.isEmpty();
    }
  }

  /**
   * Where an engine says how busy it is.
   *
   * @param metrics its Prometheus metrics
   * @param slots where it lists its slots, from the server's root, should it have no metrics
   * @param header its responses' header
   */
  record Load(MetricNames metrics, String slots, HeaderNames header) {

    /** Nowhere. */
    static final Load NONE = new Load(new MetricNames("", "", "", ""), "", new HeaderNames("", ""));
  }

  /** Whether some prompts' answers can be continued. */
  boolean canResume() {
    return !dialect.textAsChat() || dialect.chatResume() != ChatResume.NONE;
  }
}
