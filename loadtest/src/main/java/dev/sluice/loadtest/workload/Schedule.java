package dev.sluice.loadtest.workload;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;

/**
 * Everything that will be sent, decided before the run.
 *
 * @param requests in the order of their intended times; never empty
 * @param horizonNanos length of the measured part, from which rates are computed
 * @param classes the service classes that requests may have
 */
public record Schedule(
    List<ScheduledRequest> requests, long horizonNanos, List<ServiceClass> classes) {
  public Schedule {
    requests = List.copyOf(requests);
    classes = List.copyOf(classes);
    if (requests.isEmpty()) {
      throw new IllegalArgumentException("schedule: no request (expected: at least one)");
    }
    if (horizonNanos < requests.getLast().intendedNanos()) {
      throw new IllegalArgumentException(
          "horizon: %d ns (expected: not before the last request, %d ns)"
              .formatted(horizonNanos, requests.getLast().intendedNanos()));
    }
  }

  /** Requests per second that are intended. */
  public double meanRate() {
    return requests.size() / (horizonNanos / 1e9);
  }

  /** Writes the schedule as CSV and returns the SHA-256 of what was written. */
  public String writeCsv(OutputStream out) throws IOException {
    MessageDigest digest = Checksums.sha256();
    DigestOutputStream hashed = new DigestOutputStream(out, digest);
    write(hashed, "index,intended_ns,input_tokens,output_tokens,class,seed,prefix\n");
    for (ScheduledRequest request : requests) {
      write(
          hashed,
          request.index()
              + ","
              + request.intendedNanos()
              + ","
              + request.inputTokens()
              + ","
              + request.outputTokens()
              + ","
              + request.serviceClass().name()
              + ","
              + request.seed()
              + ","
              + request.prefix()
              + "\n");
    }
    hashed.flush();
    return Checksums.hex(digest);
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
