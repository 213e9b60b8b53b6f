package dev.sluice.gateway.core.admission;

import static dev.sluice.gateway.core.CoreFixtures.MILLISECOND;
import static dev.sluice.gateway.core.CoreFixtures.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.core.CoreFixtures;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Catalogue;
import dev.sluice.gateway.core.request.Constraints;
import dev.sluice.gateway.core.request.Criticality;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.Lengths;
import dev.sluice.gateway.core.request.Model;
import dev.sluice.gateway.core.request.Prefix;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.core.request.Resumption;
import dev.sluice.gateway.core.request.ServiceClass;
import dev.sluice.gateway.core.request.Size;
import dev.sluice.gateway.core.request.Task;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AdmissionTest {

  private final Admission admission = new Admission(CoreFixtures.catalogue(), 600 * SECOND);

  @Test
  void whatTheCallerLeavesOutComesFromTheClassThenFromTheModel() {
    AdmittedRequest admitted =
        admitted(CoreFixtures.request(new Size(100, 0, 0), new Budget(0, 7, 0), "chat"));
    assertThat(admitted.budget()).isEqualTo(new Budget(450 * MILLISECOND, 7, 60 * SECOND));
    assertThat(admitted.maxOutputTokens()).isEqualTo(256);
  }

  @Test
  void aRequestWithoutAClassGetsTheModelsDefault() {
    AdmittedRequest admitted = admitted(CoreFixtures.request(new Size(100, 0, 0), Budget.NONE, ""));
    assertThat(admitted.serviceClass().name()).isEqualTo("chat");
  }

  @Test
  void anAliasMeansItsModel() {
    InferenceRequest request =
        new InferenceRequest(
            "r",
            "big",
            new Size(1, 1, 0),
            Budget.NONE,
            "",
            Constraints.NONE,
            new InferenceRequest.Timing(0, Long.MAX_VALUE));
    assertThat(admitted(request).model().name()).isEqualTo(CoreFixtures.MODEL);
  }

  @Test
  void vectorsHaveOneLengthOfTimeTheShorterOfWhatIsSaid() {
    assertThat(budgetOfVectors(new Budget(3 * SECOND, 1, 2 * SECOND)))
        .isEqualTo(new Budget(2 * SECOND, 0, 2 * SECOND));
    assertThat(budgetOfVectors(new Budget(0, 1, 5 * SECOND)))
        .as("the request's own word beats the shorter one of its class")
        .isEqualTo(new Budget(5 * SECOND, 0, 5 * SECOND));
    assertThat(budgetOfVectors(new Budget(0, 1, 0)))
        .as("of the class")
        .isEqualTo(new Budget(450 * MILLISECOND, 0, 450 * MILLISECOND));
  }

  private static Budget budgetOfVectors(Budget budget) {
    return admittedVectors(CoreFixtures.request(Size.ofInputs(9, 4, Prefix.NONE), budget, ""))
        .budget();
  }

  private static AdmittedRequest admittedVectors(InferenceRequest request) {
    return ((Admission.Admitted) embedding().admit(request, Admission.Gate.OPEN, 0)).request();
  }

  private static Admission embedding() {
    Model model = CoreFixtures.catalogue().models().getFirst();
    return new Admission(
        new Catalogue(
            List.of(
                new Model(
                    model.name(),
                    model.aliases(),
                    8,
                    1,
                    model.serviceClass(),
                    model.budget(),
                    Task.EMBED)),
            List.of(CoreFixtures.chat())),
        600 * SECOND);
  }

  @Test
  void vectorsAreOnePieceThatIsNeverGoneOnWith() {
    AdmittedRequest admitted =
        admittedVectors(CoreFixtures.request(Size.ofInputs(100, 8, Prefix.NONE), Budget.NONE, ""));
    assertThat(admitted.maxOutputTokens()).isEqualTo(1);
    assertThat(admitted.output().mean()).isEqualTo(1);
    assertThat(admitted.contextTokens()).as("of the longest input").isEqualTo(8);
    assertThat(admitted.resumption()).isEqualTo(Resumption.NEVER);
  }

  @Test
  void whatAModelDoesNotDoIsUnsupportedAndAnInputBeyondItsContextMalformed() {
    InferenceRequest inputs =
        CoreFixtures.request(Size.ofInputs(100, 9, Prefix.NONE), Budget.NONE, "");
    assertThat(reason(admission, inputs)).isEqualTo(Reason.UNSUPPORTED);
    assertThat(reason(embedding(), inputs)).isEqualTo(Reason.MALFORMED_REQUEST);
    assertThat(reason(embedding(), CoreFixtures.request(new Size(1, 1, 0), Budget.NONE, "")))
        .isEqualTo(Reason.UNSUPPORTED);
  }

  private static Reason reason(Admission gate, InferenceRequest request) {
    return ((Admission.Rejected) gate.admit(request, Admission.Gate.OPEN, 0)).failure().reason();
  }

  @Test
  void theDeadlineIsTheSoonestOfTimeoutBudgetAndLimit() {
    InferenceRequest.Timing timeout = new InferenceRequest.Timing(0, 5 * SECOND);
    assertThat(deadline(Budget.NONE, timeout)).isEqualTo(5 * SECOND);
    assertThat(deadline(new Budget(0, 0, 2 * SECOND), timeout)).isEqualTo(2 * SECOND);
    InferenceRequest.Timing none = new InferenceRequest.Timing(0, Long.MAX_VALUE);
    assertThat(deadline(new Budget(0, 0, 9000 * SECOND), none)).isEqualTo(600 * SECOND);
  }

  @Test
  void anExpiredDeadlineIsRefusedAtOnce() {
    InferenceRequest request = withTiming(Budget.NONE, new InferenceRequest.Timing(10, 10));
    assertThat(rejected(request).reason()).isEqualTo(Reason.DEADLINE_EXPIRED);
  }

  @Test
  void anUnknownClassIsRefusedAndTheKnownOnesAreNamed() {
    Failure failure = rejected(CoreFixtures.request(new Size(1, 1, 0), Budget.NONE, "chatty"));
    assertThat(failure.reason()).isEqualTo(Reason.MALFORMED_REQUEST);
    assertThat(failure.message()).contains("service_class").contains("chat, coding");
  }

  @Test
  void aPromptAsLongAsTheContextIsRefused() {
    Failure failure = rejected(CoreFixtures.request(new Size(32_768, 1, 0), Budget.NONE, ""));
    assertThat(failure.reason()).isEqualTo(Reason.MALFORMED_REQUEST);
    assertThat(failure.message()).contains("prompt: 32768 tokens");
  }

  @Test
  void anAnswerIsCutToWhatThePromptLeavesOfTheContext() {
    AdmittedRequest admitted =
        admitted(CoreFixtures.request(new Size(32_700, 1000, 0), Budget.NONE, ""));
    assertThat(admitted.maxOutputTokens()).isEqualTo(68);
  }

  @Test
  void ofAnAnswerThatWasBegunTheRestIsAdmitted() {
    Size whole = new Size(100, 200, 150);
    Budget budget = new Budget(MILLISECOND, 2 * MILLISECOND, SECOND);
    AdmittedRequest admitted = admitted(CoreFixtures.request(whole.begun(40), budget, "chat"));
    assertThat(admitted.begunTokens()).isEqualTo(40);
    assertThat(admitted.promptTokens()).isEqualTo(140);
    assertThat(admitted.maxOutputTokens()).isEqualTo(160);
    assertThat(admitted.maxAnswerTokens()).isEqualTo(200);
    assertThat(admitted.expectedOutputTokens()).isEqualTo(110);
    assertThat(admitted.budget()).isEqualTo(new Budget(0, 2 * MILLISECOND, SECOND));
    AdmittedRequest fromTheBeginning = admitted(CoreFixtures.request(whole, budget, "chat"));
    AdmittedRequest left = fromTheBeginning.after(40);
    assertThat(admitted.request()).isEqualTo(left.request());
    assertThat(admitted.output().points()).isEqualTo(left.output().points());
    assertThat(admitted.after(90).request()).isEqualTo(fromTheBeginning.after(90).request());
  }

  @Test
  void anAnswerMayHaveBegunUpToItsLimitAndNoFurther() {
    Size whole = new Size(100, 200, 0);
    AdmittedRequest complete =
        admitted(CoreFixtures.request(whole.begun(200), Budget.NONE, "chat"));
    assertThat(complete.maxAnswerTokens()).isEqualTo(200);
    Failure failure = rejected(CoreFixtures.request(whole.begun(201), Budget.NONE, "chat"));
    assertThat(failure.reason()).isEqualTo(Reason.MALFORMED_REQUEST);
    assertThat(failure.message())
        .isEqualTo(
            "progress.tokens: 201 (expected: at most 200, the longest answer to this request)");
  }

  @Test
  void aDrainingOrFullGatewayTakesNothing() {
    InferenceRequest request = CoreFixtures.request(new Size(1, 1, 0), Budget.NONE, "");
    assertThat(
            rejection(admission.admit(request, new Admission.Gate(true, 0, Lengths.UNLEARNED), 0))
                .reason())
        .isEqualTo(Reason.DRAINING);
    assertThat(
            rejection(admission.admit(request, new Admission.Gate(false, 1, Lengths.UNLEARNED), 0))
                .reason())
        .isEqualTo(Reason.OVERLOADED);
  }

  @Test
  void aTenantWithAsManyRequestsAsItMayIsRefused() {
    Failure failure = rejectedBy(new Standing(true, false, Standing.Quota.NONE));
    assertThat(failure.reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
    assertThat(failure.message()).startsWith("tenant: has as many");
  }

  @Test
  void aTenantAboveItsShareOfAContendedModelIsRefused() {
    Failure failure = rejectedBy(new Standing(false, true, Standing.Quota.NONE));
    assertThat(failure.reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
    assertThat(failure.message()).startsWith("tenant: took more than its share");
  }

  @Test
  void aTenantWithoutTokensIsToldWhenThereAreEnoughAgain() {
    // 1 of prompt and 1 of answer are asked for, 0 are left, 60 come in a minute
    Failure failure = rejectedBy(new Standing(false, false, new Standing.Quota(0, 60)));
    assertThat(failure.reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
    assertThat(failure.retryAfterNanos()).isEqualTo(2 * SECOND);
  }

  @Test
  void aRequestThatIsMoreThanAMinutesTokensWaitsForAllOfThemAndNoLonger() {
    Standing full = new Standing(false, false, new Standing.Quota(1, 1));
    InferenceRequest request = CoreFixtures.request(new Size(1, 1, 0), Budget.NONE, "");
    assertThat(admission.admit(request, gate(full), 0)).isInstanceOf(Admission.Admitted.class);
  }

  private Failure rejectedBy(Standing standing) {
    InferenceRequest request = CoreFixtures.request(new Size(1, 1, 0), Budget.NONE, "");
    return rejection(admission.admit(request, gate(standing), 0));
  }

  private static Admission.Gate gate(Standing standing) {
    return new Admission.Gate(false, 0, Lengths.UNLEARNED, standing);
  }

  @Test
  void asTheGatewayFillsUpTheLeastCriticalAreShedFirst() {
    List<String> admittedAt = new ArrayList<>();
    for (double fullness : new double[] {0.69, 0.7, 0.85, 0.95, 1}) {
      StringBuilder admitted = new StringBuilder();
      for (Criticality criticality : Criticality.values()) {
        Admission of =
            new Admission(
                new Catalogue(
                    List.of(CoreFixtures.model()),
                    List.of(new ServiceClass("chat", Budget.NONE, 1, criticality))),
                600 * SECOND);
        Admission.Gate gate = new Admission.Gate(false, fullness, Lengths.UNLEARNED);
        InferenceRequest request = CoreFixtures.request(new Size(1, 1, 0), Budget.NONE, "chat");
        if (of.admit(request, gate, 0) instanceof Admission.Admitted) {
          admitted.append(criticality).append(' ');
        }
      }
      admittedAt.add(admitted.toString().strip());
    }
    assertThat(admittedAt)
        .containsExactly(
            "CRITICAL_PLUS CRITICAL SHEDDABLE_PLUS SHEDDABLE",
            "CRITICAL_PLUS CRITICAL SHEDDABLE_PLUS",
            "CRITICAL_PLUS CRITICAL",
            "CRITICAL_PLUS",
            "");
  }

  private long deadline(Budget budget, InferenceRequest.Timing timing) {
    return admitted(withTiming(budget, timing)).deadlineNanos();
  }

  private static InferenceRequest withTiming(Budget budget, InferenceRequest.Timing timing) {
    return new InferenceRequest(
        "r", CoreFixtures.MODEL, new Size(1, 1, 0), budget, "coding", Constraints.NONE, timing);
  }

  private AdmittedRequest admitted(InferenceRequest request) {
    Admission.Result result = admission.admit(request, Admission.Gate.OPEN, 0);
    assertThat(result).isInstanceOf(Admission.Admitted.class);
    return ((Admission.Admitted) result).request();
  }

  private Failure rejected(InferenceRequest request) {
    return rejection(admission.admit(request, Admission.Gate.OPEN, 10));
  }

  private static Failure rejection(Admission.Result result) {
    assertThat(result).isInstanceOf(Admission.Rejected.class);
    return ((Admission.Rejected) result).failure();
  }
}
