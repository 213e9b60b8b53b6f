package dev.sluice.loadtest.report;

import static dev.sluice.loadtest.report.ReportFixtures.MILLISECOND;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.sluice.loadtest.report.BackendEntry.End;
import dev.sluice.loadtest.workload.ScheduledRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a report says of faults: first that it says nothing wrong, then that it can find fault. */
final class FaultReportTest {

  private static final long SECOND = 1_000 * MILLISECOND;
  private static final FaultRecord KILL =
      new FaultRecord("kill", "gpu-1", "", 50 * SECOND, 52 * SECOND);

  /** Requests at a constant 10 per second; number 498 is under way when the fault comes. */
  private static final int HIT = 498;

  private FaultRecord fault = KILL;
  private final Map<Integer, Testimony> testimonies = new HashMap<>();

  /** Changes what became of a request; null leaves it as it was. */
  private interface Fate {
    @Nullable RequestResult of(ScheduledRequest request);
  }

  private static RunResult run(Fate fate) {
    return ReportFixtures.run(
        10,
        ClientHealth.PERFECT,
        request -> {
          RequestResult changed = fate.of(request);
          return changed == null ? ReportFixtures.completed(request) : changed;
        });
  }

  private static RequestResult interrupted(ScheduledRequest request, int received) {
    return interrupted(request, received, 50 * SECOND);
  }

  private static RequestResult interrupted(
      ScheduledRequest request, int received, long lastTokenNanos) {
    RequestResult whole = ReportFixtures.completed(request);
    return new RequestResult(
        request,
        new Ending(Outcome.BROKEN, "STREAM_INTERRUPTED"),
        new Timeline(
            request.intendedNanos(),
            whole.times().sentNanos(),
            whole.times().admittedNanos(),
            whole.times().firstTokenNanos(),
            lastTokenNanos,
            lastTokenNanos + 8 * MILLISECOND),
        new TokenTally(received, received, 0, 0, 0),
        new Placement("gpu-1", "GPU"),
        null,
        null);
  }

  /** Books of backends that sent exactly what was received, each answer at one place. */
  private static List<BackendEntry> faithfulBooks(RunResult run) {
    List<BackendEntry> entries = new ArrayList<>();
    for (RequestResult result : run.results()) {
      boolean whole = result.completed();
      entries.add(
          new BackendEntry(
              result.placement().backend(),
              "load-" + result.request().index(),
              0,
              result.tokens().received(),
              whole ? End.COMPLETED : End.DIED));
    }
    return entries;
  }

  private static GatewayBooks faithfulGateway(RunResult run) {
    long completed = run.results().stream().filter(RequestResult::completed).count();
    long tokens = run.results().stream().mapToLong(each -> each.tokens().received()).sum();
    int all = run.results().size();
    return new GatewayBooks(
        all, 0, completed, all - completed, 0, 0, tokens, all, Handovers.NONE, Handovers.NONE);
  }

  private JsonNode json(RunResult run, @Nullable GatewayBooks gateway, List<BackendEntry> backends)
      throws IOException {
    RunReport report =
        new RunReport(
            run.with(
                new FaultObservation(
                    "plan.yaml", "load-", List.of(fault), testimonies, gateway, backends)));
    String json = new JsonReport(report).render();
    assertThat(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(Path.of("schema/sluice.report-1.schema.json")))
                .validate(json, InputFormat.JSON))
        .isEmpty();
    assertThat(new HtmlReport(report).render())
        .contains("Through the faults", fault.kind() + " gpu-1");
    JsonNode node = JsonMapper.builder().build().readTree(json);
    assertThat(report.intact())
        .isEqualTo(
            node.at("/faults/requests_lost").asInt() == 0
                && node.at("/faults/truncated_as_success").asInt() == 0
                && node.at("/faults/tokens/lost").asInt() == 0
                && node.at("/faults/tokens/repeated").asInt() == 0
                && node.at("/faults/tokens/wrong").asInt() == 0
                && node.at("/ledgers/equal").asBoolean());
    return node;
  }

  private JsonNode json(RunResult run) throws IOException {
    return json(run, faithfulGateway(run), faithfulBooks(run));
  }

  @Test
  void aRunThatNothingHappenedToIsIntactAndItsBooksAreEqual() throws IOException {
    JsonNode json = json(run(_ -> null));
    assertThat(json.at("/faults/requests_lost").asInt()).isZero();
    assertThat(json.at("/faults/events/0/recover_ms").asDouble(-1)).isZero();
    assertThat(json.at("/faults/events/0/detect_ms").isNull()).isTrue();
    assertThat(json.at("/ledgers/equal").asBoolean()).isTrue();
    assertThat(json.at("/ledgers/backends/tokens_not_delivered").asInt()).isZero();
  }

  @Test
  void aStreamThatAKillCutIsLostAndChargedToIt() throws IOException {
    testimonies.put(
        HIT,
        new Testimony(
            0,
            List.of(
                new Testimony.Crossing(
                    0, 50 * SECOND - 5 * MILLISECOND, 50 * SECOND + 8 * MILLISECOND))));
    RunResult run = run(request -> request.index() == HIT ? interrupted(request, 3) : null);
    JsonNode json = json(run);
    int owed = run.results().get(HIT).request().outputTokens() - 3;
    assertThat(json.at("/faults/requests_lost").asInt()).isEqualTo(1);
    assertThat(json.at("/faults/events/0/requests_lost").asInt()).isEqualTo(1);
    assertThat(json.at("/faults/events/0/requests_hit").asInt()).isPositive();
    assertThat(json.at("/faults/events/0/detect_ms").asDouble()).isEqualTo(8);
    assertThat(json.at("/faults/events/0/tokens/undelivered").asInt()).isEqualTo(owed);
    assertThat(json.at("/faults/events/0/tokens/lost").asInt()).isZero();
    assertThat(json.at("/faults/kills").asInt()).isEqualTo(1);
    assertThat(json.at("/faults/streams_cut").asInt()).isEqualTo(1);
    // an interrupted stream is told as such: all three agree that it failed
    assertThat(json.at("/ledgers/equal").asBoolean()).isTrue();
  }

  @Test
  void aStreamLostWithoutAnyFaultIsToldApart() throws IOException {
    JsonNode json =
        json(run(request -> request.index() == 100 ? interrupted(request, 2, 20 * SECOND) : null));
    assertThat(json.at("/faults/requests_lost").asInt()).isEqualTo(1);
    assertThat(json.at("/faults/events/0/requests_lost").asInt()).isZero();
    assertThat(json.at("/faults/requests_lost_without_fault").asInt()).isEqualTo(1);
  }

  @Test
  void aDeathThatIsNoticedLateStillHitsThoseWhoKnewOfItFirst() throws IOException {
    fault = new FaultRecord("died", "gpu-1", "", KILL.atNanos() + SECOND / 2, KILL.endNanos());
    RunResult run = run(request -> request.index() == HIT ? interrupted(request, 3) : null);
    assertThat(json(run).at("/faults/events/0/requests_lost").asInt()).isEqualTo(1);
  }

  @Test
  void anAnswerThatIsCutAndShownAsCompleteIsFound() throws IOException {
    JsonNode json =
        json(
            run(
                request -> {
                  RequestResult whole = ReportFixtures.completed(request);
                  return request.index() != HIT
                      ? null
                      : new RequestResult(
                          request,
                          whole.ending(),
                          whole.times(),
                          new TokenTally(3, request.outputTokens() - 2, 0, 0, 0),
                          whole.placement(),
                          whole.forecast(),
                          whole.account());
                }));
    assertThat(json.at("/faults/truncated_as_success").asInt()).isEqualTo(1);
    assertThat(json.at("/faults/tokens/lost").asInt()).isEqualTo(2);
  }

  @Test
  void wrongTokensAreFound() throws IOException {
    testimonies.put(HIT, new Testimony(4, List.of()));
    assertThat(json(run(_ -> null)).at("/faults/tokens/wrong").asInt()).isEqualTo(4);
  }

  @Test
  void aResumedAnswerMayHaveBeenSentTwiceInPart() throws IOException {
    RunResult run =
        run(
            request -> {
              RequestResult whole = ReportFixtures.completed(request);
              return request.index() != HIT
                  ? null
                  : new RequestResult(
                      request,
                      whole.ending(),
                      whole.times(),
                      whole.tokens(),
                      whole.placement(),
                      whole.forecast(),
                      new Account(1, 1, 1, true, 2, 0, 0, "backend"));
            });
    int tokens = run.results().get(HIT).tokens().received();
    List<BackendEntry> books = faithfulBooks(run);
    books.set(HIT, new BackendEntry("gpu-1", "load-" + HIT, 0, 3, End.DIED));
    books.add(new BackendEntry("gpu-2", "load-" + HIT, 2, tokens - 2, End.COMPLETED));
    JsonNode json = json(run, faithfulGateway(run), books);
    assertThat(json.at("/ledgers/equal").asBoolean()).isTrue();
    assertThat(json.at("/ledgers/backends/tokens_not_delivered").asInt()).isEqualTo(1);
    books.set(HIT, new BackendEntry("gpu-1", "load-" + HIT, 0, 1, End.DIED));
    assertThat(differences(json(run, faithfulGateway(run), books)))
        .contains("the client has tokens that no backend sent: load-" + HIT);
  }

  @Test
  void everyDisagreementOfTheBooksIsNamed() throws IOException {
    RunResult run = run(_ -> null);
    GatewayBooks right = faithfulGateway(run);
    assertThat(
            differences(
                json(
                    run,
                    right.since(
                        new GatewayBooks(1, 0, 1, 0, 0, 0, 7, 1, Handovers.NONE, Handovers.NONE)),
                    faithfulBooks(run))))
        .contains("requests: client ", "completed: client ", "tokens delivered: client ");
    assertThat(differences(json(run, null, faithfulBooks(run)))).contains("could not be read");
    List<BackendEntry> books = faithfulBooks(run);
    books.add(new BackendEntry("gpu-2", "load-7", 0, 0, End.RUNNING));
    assertThat(differences(json(run, right, books)))
        .contains("left running at a backend: load-7", "asked more often than the gateway counts");
    List<BackendEntry> chatty = faithfulBooks(run);
    BackendEntry first = chatty.getFirst();
    chatty.set(
        0,
        new BackendEntry(first.backend(), first.requestId(), 0, first.tokens() + 1, End.COMPLETED));
    assertThat(differences(json(run, right, chatty)))
        .contains("an undisturbed answer was not sent as it was received: load-0");
  }

  private static String differences(JsonNode json) {
    assertThat(json.at("/ledgers/equal").asBoolean()).isFalse();
    return json.at("/ledgers/differences").toString();
  }

  @Test
  void recoveryIsWhenArrivalsAttainAgain() throws IOException {
    JsonNode json =
        json(
            run(
                request -> {
                  long at = request.intendedNanos();
                  return at >= 51 * SECOND && at < 53 * SECOND
                      ? ReportFixtures.refused(request)
                      : null;
                }));
    assertThat(json.at("/faults/events/0/recover_ms").asDouble()).isBetween(2_900.0, 4_000.0);
    assertThat(json.at("/faults/requests_lost").asInt()).isZero();
  }
}
