package dev.sluice.loadtest.live;

/** Who watches one answer more closely than the measuring does. Called on its event loop. */
public interface Witness {

  /** Tokens came; times are since the start of the measured part. */
  void tokens(int index, int count, String text, long nowNanos);

  /** The call has ended, in whatever way. */
  void closed(long nowNanos);
}
