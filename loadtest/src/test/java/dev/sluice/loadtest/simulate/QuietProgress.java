package dev.sluice.loadtest.simulate;

/** Hears how far runs are and tells nobody. */
final class QuietProgress implements Progress {

  static final QuietProgress INSTANCE = new QuietProgress();

  private QuietProgress() {}

  @Override
  public void played(int count) {}

  @Override
  public void runFinished() {}
}
