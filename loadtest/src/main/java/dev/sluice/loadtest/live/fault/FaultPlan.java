package dev.sluice.loadtest.live.fault;

import dev.sluice.backends.profile.Profile;
import java.util.List;

/**
 * What runs, and what happens to it.
 *
 * @param file the plan's file
 * @param accelerators the processes that the load tester starts and owns
 * @param gateway where the gateway is, or is to be
 * @param events in the order of time
 */
public record FaultPlan(
    String file, List<PlannedAccelerator> accelerators, Gateway gateway, List<FaultEvent> events) {

  public FaultPlan {
    accelerators = List.copyOf(accelerators);
    events = List.copyOf(events);
  }

  /** Restarts from which on it pays to make them cheap first. */
  private static final int MANY_RESTARTS = 5;

  /** Whether many processes will be started while the load runs. */
  boolean isRestless() {
    return accelerators.stream().anyMatch(each -> each.reviveNanos() > 0)
        || events.stream().filter(FaultPlan::restarts).count() >= MANY_RESTARTS;
  }

  private static boolean restarts(FaultEvent event) {
    return switch (event) {
      case FaultEvent.Kill kill -> kill.restartNanos() > 0;
      case FaultEvent.Drain drain -> drain.restartNanos() > 0;
      case FaultEvent.Freeze _, FaultEvent.Misbehave _ -> false;
    };
  }

  /**
   * The gateway before the accelerators.
   *
   * @param grpc HOST:PORT for requests
   * @param admin HOST:PORT of {@code /metrics}
   * @param policy how it chooses; empty: its default
   */
  public record Gateway(String grpc, String admin, String policy) {}

  /**
   * One accelerator process.
   *
   * @param name what the gateway calls it
   * @param port on loopback
   * @param speed how many times faster than the real thing
   * @param behaviour how it misbehaves from the start of each of its processes; empty: not at all
   * @param share of the requests that it happens to
   * @param reviveNanos how long after it died by itself it is started again; 0: never
   */
  record PlannedAccelerator(
      String name,
      Profile profile,
      int port,
      double speed,
      String behaviour,
      double share,
      long reviveNanos) {}
}
