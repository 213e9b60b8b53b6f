package dev.sluice.backends.profile;

import java.util.List;

/**
 * A profile with the account of its figures.
 *
 * @param profile the figures as used
 * @param speed confidence of its time per token
 * @param results each figure of the profile with its origin
 * @param inputs each figure that they were made from
 */
record ProfileSheet(Profile profile, Confidence speed, List<Figure> results, List<Figure> inputs) {

  /** Context at which tables and derived energy are stated, in tokens a sequence. */
  static final int REFERENCE_CONTEXT_TOKENS = 1000;

  ProfileSheet {
    results = List.copyOf(results);
    inputs = List.copyOf(inputs);
  }
}
