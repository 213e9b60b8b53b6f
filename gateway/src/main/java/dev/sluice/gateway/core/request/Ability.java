package dev.sluice.gateway.core.request;

/** What a request may need of a backend beyond answering in words. */
public enum Ability {
  /** Calls the tools that it is told of. */
  TOOLS("tools"),
  /** Answers with JSON. */
  JSON_OBJECT("response_format"),
  /** Answers with JSON of a given schema. */
  JSON_SCHEMA("response_format");

  private final String field;

  Ability(String field) {
    this.field = field;
  }

  /** What callers ask for it with. */
  public String field() {
    return field;
  }
}
