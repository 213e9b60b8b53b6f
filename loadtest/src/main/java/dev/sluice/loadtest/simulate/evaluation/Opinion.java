package dev.sluice.loadtest.simulate.evaluation;

/** What a forecaster said of one request. */
record Opinion(Said firstToken, Said perToken) {

  /** What it said of {@code quantity}. */
  Said of(Quantity quantity) {
    return switch (quantity) {
      case FIRST_TOKEN -> firstToken;
      case PER_TOKEN -> perToken;
    };
  }
}
