package dev.sluice.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Duration;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Reason;
import io.grpc.Metadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BudgetsTest {

  @Test
  void bothSpellingsAreRead() throws Exception {
    assertThat(
            Budgets.read(
                Budgets.Said.NOTHING,
                headers("x-llm-d-slo-ttft-ms", "300", "x-slo-tpot-ms", "12.5")))
        .isEqualTo(new Budget(300_000_000, 12_500_000, 0));
    assertThat(
            Budgets.read(
                Budgets.Said.NOTHING, headers("x-slo-ttft-ms", "1e3", "x-slo-e2e-ms", "2000")))
        .isEqualTo(new Budget(1_000_000_000, 0, 2_000_000_000));
  }

  @Test
  void theMessageBeatsTheHeaders() throws Exception {
    dev.sluice.v1.Budget message =
        dev.sluice.v1.Budget.newBuilder()
            .setTimeToFirstToken(Duration.newBuilder().setNanos(7))
            .build();
    assertThat(Budgets.read(Budgets.said(message), headers("x-slo-ttft-ms", "300")))
        .isEqualTo(new Budget(7, 0, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-1",
        "-0",
        "NaN",
        "nan",
        "1e400",
        "Infinity",
        "5s",
        "",
        " ",
        "0x10",
        "1f",
        "1,5",
        "--1",
        "٣"
      })
  void aValueThatIsNoLengthOfTimeIsRefusedAndNamed(String value) {
    UnreadableException refusal =
        catchThrowableOfType(
            UnreadableException.class,
            () -> Budgets.read(Budgets.Said.NOTHING, headers("x-slo-ttft-ms", value)));
    assertThat(refusal.failure().reason()).isEqualTo(Reason.BUDGET_INVALID);
    assertThat(refusal).hasMessageContaining("x-slo-ttft-ms").hasMessageContaining("expected");
  }

  @Test
  void aMalformedHeaderIsRefusedEvenWhereTheMessageBeatsIt() {
    dev.sluice.v1.Budget message =
        dev.sluice.v1.Budget.newBuilder()
            .setTimeToFirstToken(Duration.newBuilder().setNanos(7))
            .build();
    assertThat(
            catchThrowableOfType(
                UnreadableException.class,
                () -> Budgets.read(Budgets.said(message), headers("x-slo-ttft-ms", "NaN"))))
        .isNotNull();
  }

  @Test
  void headersThatContradictEachOtherAreRefused() {
    UnreadableException refusal =
        catchThrowableOfType(
            UnreadableException.class,
            () ->
                Budgets.read(
                    Budgets.Said.NOTHING,
                    headers("x-llm-d-slo-ttft-ms", "300", "x-slo-ttft-ms", "400")));
    assertThat(refusal).hasMessageContaining("contradicts");
    assertThat(
            catchThrowableOfType(
                UnreadableException.class,
                () ->
                    Budgets.read(
                        Budgets.Said.NOTHING,
                        headers("x-slo-ttft-ms", "300", "x-slo-ttft-ms", "400"))))
        .isNotNull();
  }

  @Test
  void headersThatAgreeAreFine() throws Exception {
    assertThat(
            Budgets.read(
                Budgets.Said.NOTHING,
                headers("x-llm-d-slo-ttft-ms", "300", "x-slo-ttft-ms", "300.0")))
        .isEqualTo(new Budget(300_000_000, 0, 0));
  }

  @Test
  void aMessageBudgetOfZeroOrBelowIsRefused() {
    for (Duration bad :
        new Duration[] {
          Duration.getDefaultInstance(),
          Duration.newBuilder().setSeconds(-1).build(),
          Duration.newBuilder().setNanos(-1).build(),
          Duration.newBuilder().setNanos(2_000_000_000).build()
        }) {
      dev.sluice.v1.Budget message = dev.sluice.v1.Budget.newBuilder().setTotal(bad).build();
      UnreadableException refusal =
          catchThrowableOfType(
              UnreadableException.class, () -> Budgets.read(Budgets.said(message), headers()));
      assertThat(refusal).as("%s", bad).hasMessageContaining("budget.total");
    }
  }

  @Test
  void aHugeBudgetDoesNotOverflow() throws Exception {
    dev.sluice.v1.Budget message =
        dev.sluice.v1.Budget.newBuilder()
            .setTotal(Duration.newBuilder().setSeconds(315_576_000_000L))
            .build();
    assertThat(Budgets.read(Budgets.said(message), headers()).totalNanos()).isPositive();
    assertThat(Budgets.read(Budgets.Said.NOTHING, headers("x-slo-e2e-ms", "1e300")).totalNanos())
        .isPositive();
  }

  private static Headers headers(String... namesAndValues) {
    Metadata metadata = new Metadata();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      metadata.put(
          Metadata.Key.of(namesAndValues[i], Metadata.ASCII_STRING_MARSHALLER),
          namesAndValues[i + 1]);
    }
    return new Headers.OfMetadata(metadata);
  }
}
