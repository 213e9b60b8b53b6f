package dev.sluice.gateway.transport;

import dev.sluice.gateway.call.Payload;
import dev.sluice.gateway.core.request.Hash;
import dev.sluice.gateway.core.request.Prefix;
import java.util.Arrays;
import java.util.List;

/**
 * Hashes a prompt block by block, so that prompts that begin alike can be sent where their
 * beginning is held.
 *
 * <p>A block is {@link #BLOCK_UNITS} units; a unit is a token id, or four characters, which are
 * about a token of English and more than one of most other scripts. The tokens of a block are the
 * prompt's tokens shared out over its units. A conversation that grows keeps its blocks: each
 * message begins a unit of its own.
 */
final class PromptPrefix {

  private static final int BLOCK_UNITS = 256;

  /** Most blocks that are hashed: half a million tokens, two milliseconds' work. */
  private static final int MOST_BLOCKS = 2048;

  /** Blocks whose end tells requests that are better kept together: see {@link Prefix}. */
  private static final int KEY_BLOCKS = 4;

  private static final int TEXT = 1;
  private static final int CHAT = 2;
  private static final int IDS = 3;
  private static final int SESSION = 4;

  private long state;
  private long[] hashes = new long[8];
  private int count;
  private int units;

  private PromptPrefix(int kind) {
    state = Hash.fold(Hash.SEED, kind);
  }

  /** The prefix of {@code prompt}, kept together with others of {@code session} if there is one. */
  static Prefix of(Payload.Prompt prompt, int promptTokens, String session) {
    PromptPrefix prefix =
        switch (prompt) {
          case Payload.Text(String text) -> new PromptPrefix(TEXT).text(text);
          case Payload.Chat chat -> new PromptPrefix(CHAT).chat(chat);
          case Payload.TokenIds(int[] ids) -> new PromptPrefix(IDS).ids(ids);
        };
    long key = session.isEmpty() ? prefix.key() : key(session);
    return key == 0
        ? Prefix.NONE
        : new Prefix(prefix.blockTokens(promptTokens), prefix.blockHashes(), key);
  }

  /** What keeps requests of {@code session} together of whose beginnings nothing is known. */
  static Prefix ofSession(String session) {
    return session.isEmpty() ? Prefix.NONE : new Prefix(BLOCK_UNITS, new long[0], key(session));
  }

  /** Never 0, which would mean that there is none. */
  private static long key(String session) {
    return Hash.mix(new PromptPrefix(SESSION).text(session).state) | 1;
  }

  /** Templates write tools before the messages. */
  private PromptPrefix chat(Payload.Chat chat) {
    if (!chat.verbatim().ofRequest().isEmpty()) {
      part(chat.verbatim().ofRequest());
    }
    List<String> rolesAndContents = chat.rolesAndContents();
    for (int i = 0; i < rolesAndContents.size(); i += 2) {
      part(rolesAndContents.get(i));
      part(rolesAndContents.get(i + 1));
      String more = chat.verbatim().ofMessage(i / 2);
      if (!more.isEmpty()) {
        part(more);
      }
    }
    return this;
  }

  private void part(String part) {
    text(part).unit(part.length());
  }

  private PromptPrefix text(String text) {
    int whole = text.length() & ~3;
    for (int i = 0; i < whole && count < MOST_BLOCKS; i += 4) {
      unit(
          text.charAt(i)
              | (long) text.charAt(i + 1) << 16
              | (long) text.charAt(i + 2) << 32
              | (long) text.charAt(i + 3) << 48);
    }
    long rest = 0;
    for (int i = whole; i < text.length(); i++) {
      rest = rest << 16 | text.charAt(i);
    }
    if (whole < text.length()) {
      unit(rest);
    }
    return this;
  }

  private PromptPrefix ids(int[] ids) {
    for (int i = 0; i < ids.length && count < MOST_BLOCKS; i++) {
      unit(ids[i]);
    }
    return this;
  }

  private void unit(long bits) {
    state = Hash.fold(state, bits);
    units++;
    if (units % BLOCK_UNITS == 0 && count < MOST_BLOCKS) {
      if (count == hashes.length) {
        hashes = Arrays.copyOf(hashes, 2 * count);
      }
      hashes[count++] = Hash.mix(state);
    }
  }

  /** Of a prompt that has more blocks than are hashed, the least that they can be. */
  private int blockTokens(int promptTokens) {
    return count == 0 || count == MOST_BLOCKS
        ? BLOCK_UNITS
        : (int) Math.max(BLOCK_UNITS, (long) promptTokens * BLOCK_UNITS / units);
  }

  private long[] blockHashes() {
    return Arrays.copyOf(hashes, count);
  }

  private long key() {
    return count == 0 ? 0 : hashes[Math.min(KEY_BLOCKS, count) - 1];
  }
}
