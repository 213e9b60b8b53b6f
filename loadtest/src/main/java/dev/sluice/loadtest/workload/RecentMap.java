package dev.sluice.loadtest.workload;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A map that remembers the keys used last and forgets the others, so that reading a trace of any
 * length takes bounded memory.
 */
final class RecentMap<V> {
  /** Conversations that may pass between two turns of one: half a day at three a second. */
  static final int CAPACITY = 1 << 17;

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
