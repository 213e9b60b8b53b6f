package dev.sluice.loadtest.report;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was done to the backends during a run, and what all sides have in their books.
 *
 * @param plan the plan's file
 * @param label what the ids of the measured requests begin with, before their index
 * @param faults in the order in which they were done
 * @param testimonies by the request's index
 * @param gateway what the gateway counted; null: it could not be asked
 * @param backends what the backends wrote down, of the measured requests
 */
public record FaultObservation(
    String plan,
    String label,
    List<FaultRecord> faults,
    Map<Integer, Testimony> testimonies,
    @Nullable GatewayBooks gateway,
    List<BackendEntry> backends) {
  public FaultObservation {
    faults = List.copyOf(faults);
    testimonies = Map.copyOf(testimonies);
    backends = List.copyOf(backends);
  }

  Testimony testimony(RequestResult result) {
    return testimonies.getOrDefault(result.request().index(), Testimony.NOTHING);
  }

  String requestId(RequestResult result) {
    return label + result.request().index();
  }
}
