package dev.sluice.loadtest.live.fault;

/**
 * Something that is done to an accelerator at a planned time. Lengths are nanoseconds; 0 as a
 * length means for good.
 */
sealed interface FaultEvent {

  /** When, since the start of the measured part. */
  long atNanos();

  /** Name of the accelerator. */
  String target();

  /** The same at another time. */
  FaultEvent at(long otherNanos);

  /** SIGKILL; started again after {@code restartNanos}. */
  record Kill(long atNanos, String target, long restartNanos) implements FaultEvent {
    @Override
    public Kill at(long otherNanos) {
      return new Kill(otherNanos, target, restartNanos);
    }
  }

  /** SIGTERM: it takes nothing new and ends when it is done; started again after that. */
  record Drain(long atNanos, String target, long restartNanos) implements FaultEvent {
    @Override
    public Drain at(long otherNanos) {
      return new Drain(otherNanos, target, restartNanos);
    }
  }

  /** SIGSTOP, and SIGCONT after {@code lengthNanos}. */
  record Freeze(long atNanos, String target, long lengthNanos) implements FaultEvent {
    @Override
    public Freeze at(long otherNanos) {
      return new Freeze(otherNanos, target, lengthNanos);
    }
  }

  /**
   * Told to misbehave; told to behave after {@code lengthNanos}.
   *
   * @param kind the plan's word: {@code slow} or {@code misbehave}
   */
  record Misbehave(
      long atNanos, String target, String kind, String behaviour, double share, long lengthNanos)
      implements FaultEvent {
    @Override
    public Misbehave at(long otherNanos) {
      return new Misbehave(otherNanos, target, kind, behaviour, share, lengthNanos);
    }
  }

  /** The plan's word for it. */
  default String word() {
    return switch (this) {
      case Kill _ -> "kill";
      case Drain _ -> "drain";
      case Freeze _ -> "freeze";
      case Misbehave misbehave -> misbehave.kind();
    };
  }
}
