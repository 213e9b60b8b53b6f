package dev.sluice.backends;

/** What a backend can be asked for. */
public enum Task {
  /** Tokens: {@link Backend#start}. */
  GENERATE,
  /** Vectors: {@link Backend#embed}. */
  EMBED
}
