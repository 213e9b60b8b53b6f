package dev.sluice.loadtest.simulate.evaluation;

/** What is forecast and scored. */
enum Quantity {
  /** Time to the first token. */
  FIRST_TOKEN("TTFT"),
  /** Mean time per token after it. */
  PER_TOKEN("TPOT");

  private static final double[] FIRST_TOKEN_MILLIS = {
    50, 100, 150, 200, 300, 450, 700, 1_000, 2_000, 4_000, 8_000
  };
  private static final double[] PER_TOKEN_MILLIS = {3, 4, 5, 8, 10, 15, 20, 25, 30, 40, 60, 100};

  private final String label;

  Quantity(String label) {
    this.label = label;
  }

  /** Its name for people. */
  String label() {
    return label;
  }

  /** Number of budgets that its odds are asked for. */
  int budgets() {
    return millis().length;
  }

  /** One of them. */
  double budgetNanos(int index) {
    return millis()[index] * 1e6;
  }

  private double[] millis() {
    return switch (this) {
      case FIRST_TOKEN -> FIRST_TOKEN_MILLIS;
      case PER_TOKEN -> PER_TOKEN_MILLIS;
    };
  }
}
