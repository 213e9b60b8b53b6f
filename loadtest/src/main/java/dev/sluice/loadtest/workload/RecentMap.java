package dev.sluice.loadtest.workload;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A map that remembers the keys used last and forgets the others, so that reading a trace of any
 * length takes bounded memory.
 */
final class RecentMap<V> {
  /**
   * Others that may be used between two turns of a conversation: hours at the published rates,
   * longer than a prompt cache lives.
   */
  static final int CAPACITY = 1 << 16;

  private final Map<Long, V> values =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, V> eldest) {
          return size() > CAPACITY;
        }
      };

  @Nullable V get(long key) {
    return values.get(key);
  }

  void put(long key, V value) {
    values.put(key, value);
  }
}
