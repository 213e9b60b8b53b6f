package dev.sluice.loadtest.live.fault;

import dev.sluice.loadtest.report.GatewayBooks;
import dev.sluice.loadtest.report.Handovers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the gateway's books from its {@code /metrics}. */
final class GatewayMetrics implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Pattern BUCKET =
      Pattern.compile(
          "^sluice_handover_duration_seconds_bucket\\{kind=\"(?<kind>[a-z]+)\",le=\"(?<bound>[^\"]+)\"}"
              + " (?<count>[0-9.E+]+)$",
          Pattern.MULTILINE);

  private final String admin;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  /** Metrics of the gateway whose admin listener is {@code admin}, HOST:PORT. */
  GatewayMetrics(String admin) {
    this.admin = admin;
  }

  GatewayBooks read() throws IOException, InterruptedException {
    return parse(get("/metrics"));
  }

  boolean isReady() throws InterruptedException {
    try {
      get("/readyz");
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private String get(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + admin + path)).timeout(PATIENCE).build();
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(admin + path + ": " + response.statusCode());
    }
    return response.body();
  }

  static GatewayBooks parse(String metrics) throws IOException {
    return new GatewayBooks(
        value(metrics, "sluice_requests_received_total"),
        value(metrics, "sluice_requests_total{outcome=\"rejected\"}"),
        value(metrics, "sluice_requests_total{outcome=\"completed\"}"),
        value(metrics, "sluice_requests_total{outcome=\"failed\"}"),
        value(metrics, "sluice_requests_total{outcome=\"cancelled\"}"),
        value(metrics, "sluice_requests_in_flight"),
        value(metrics, "sluice_tokens_delivered_total"),
        value(metrics, "sluice_attempts_started_total"),
        handovers(metrics, "failover"),
        handovers(metrics, "resume"));
  }

  private static Handovers handovers(String metrics, String kind) {
    NavigableMap<Double, Long> upTo = new TreeMap<>();
    Matcher bucket = BUCKET.matcher(metrics);
    while (bucket.find()) {
      if (bucket.group("kind").equals(kind)) {
        String bound = bucket.group("bound");
        upTo.put(
            bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound),
            (long) Double.parseDouble(bucket.group("count")));
      }
    }
    return new Handovers(upTo);
  }

  private static long value(String metrics, String name) throws IOException {
    String start = name + " ";
    for (String line : metrics.split("\n", -1)) {
      if (line.startsWith(start)) {
        try {
          return (long) Double.parseDouble(line.substring(start.length()).strip());
        } catch (NumberFormatException e) {
          throw new IOException("metrics: " + line + " (expected: a number)", e);
        }
      }
    }
    throw new IOException("metrics: no " + name + " (expected: that of a Sluice gateway)");
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
