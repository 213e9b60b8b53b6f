package dev.sluice.gateway.core.request;

/** One part of a budget. */
public enum BudgetPart {
  /** Time to the first token. */
  TIME_TO_FIRST_TOKEN,
  /** Mean time per token after the first. */
  TIME_PER_OUTPUT_TOKEN,
  /** Time to the last token. */
  TOTAL
}
