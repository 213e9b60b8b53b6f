package dev.sluice.gateway.core.prediction;

import dev.sluice.gateway.core.request.LengthKey;
import dev.sluice.gateway.core.request.Lengths;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Learns how long answers become, by tenant, model and limit, and coarser where little is known.
 */
final class LengthBook {

  /** Most kinds of answers told apart; beyond, the one not seen for longest is forgotten. */
  static final int MOST_KEYS = 4_096;

  /** Answers that say more of a kind than the coarser kind does. Chosen without measurement. */
  static final int ENOUGH_ANSWERS = 30;

  /** Answers of a kind between two publications of it, as of the residuals. */
  private static final int REFRESH_ANSWERS = 16;

  /** Least recently used first. */
  private final SequencedMap<LengthKey, LengthHistogram> histograms =
      new LinkedHashMap<>(16, 0.75f, true);

  private final Set<LengthKey> news = new LinkedHashSet<>();
  private LearnedLengths published = LearnedLengths.NOTHING;
  private boolean forgotten;

  /** Adds a complete answer. */
  void add(LengthKey key, int tokens) {
    LengthKey anyTenant = key.ofAnyTenant();
    addTo(key.ofAnyLimit(), tokens);
    addTo(anyTenant, tokens);
    if (!key.equals(anyTenant)) {
      addTo(key, tokens);
    }
  }

  private void addTo(LengthKey key, int tokens) {
    LengthHistogram histogram = histograms.computeIfAbsent(key, _ -> new LengthHistogram());
    histogram.add(tokens);
    if (histogram.answers() >= ENOUGH_ANSWERS
        && (histogram.answers() - ENOUGH_ANSWERS) % REFRESH_ANSWERS == 0) {
      news.add(key);
    }
    if (histograms.size() > MOST_KEYS) {
      LengthKey oldest = histograms.firstEntry().getKey();
      histograms.remove(oldest);
      news.remove(oldest);
      forgotten = true;
    }
  }

  /** How long answers become, as learned so far; the same object while nothing is new. */
  Lengths lengths() {
    if (!news.isEmpty() || forgotten) {
      published = new LearnedLengths(points());
      news.clear();
      forgotten = false;
    }
    return published;
  }

  private Map<LengthKey, double[]> points() {
    Map<LengthKey, double[]> points = new LinkedHashMap<>();
    histograms.forEach(
        (key, histogram) -> {
          double[] old = published.points(key);
          if (news.contains(key)) {
            points.put(key, histogram.points());
          } else if (old != null) {
            points.put(key, old);
          }
        });
    return points;
  }
}
