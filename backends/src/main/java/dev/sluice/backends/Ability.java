package dev.sluice.backends;

/** What some backends can do with a chat beyond answering it in words. */
public enum Ability {
  /** Calls the tools that it is told of, and takes what they returned. */
  TOOLS,
  /** Answers with JSON. */
  JSON_OBJECT,
  /** Answers with JSON of a given schema. */
  JSON_SCHEMA
}
