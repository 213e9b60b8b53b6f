package dev.sluice.backends.emulated.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways to misbehave, as people write them. */
final class MisbehaviourTextTest {

  @Test
  void everyWayIsReadAndToldAlike() {
    List<Misbehaviour> all =
        List.of(
            new Misbehaviour.Refuse(Status.Code.UNAVAILABLE, null),
            new Misbehaviour.Refuse(Status.Code.RESOURCE_EXHAUSTED, Duration.ofMillis(250)),
            new Misbehaviour.Refuse(Status.Code.UNAVAILABLE, Duration.ofMillis(-1)),
            new Misbehaviour.Silent(),
            new Misbehaviour.Late(Duration.ofSeconds(2)),
            new Misbehaviour.Slow(4),
            new Misbehaviour.Drip(Duration.ofNanos(1_500_500)),
            new Misbehaviour.StallAfter(5),
            new Misbehaviour.DieAfter(20),
            new Misbehaviour.FailAfter(3, Status.Code.DATA_LOSS),
            new Misbehaviour.CutShort(7),
            new Misbehaviour.CutShort(Integer.MAX_VALUE),
            new Misbehaviour.Overclaim(1),
            new Misbehaviour.Duplicate(0),
            new Misbehaviour.Gap(9),
            new Misbehaviour.Garbage(4),
            new Misbehaviour.GoAway(2),
            new Misbehaviour.Flap(Duration.ofHours(1)));
    assertThat(MisbehaviourText.parse(new Conduct(all, 1, 0).text())).isEqualTo(all);
  }

  @Test
  void shortFormsAndSpacesAreRead() {
    assertThat(MisbehaviourText.parse("refuse, goaway,refuse=resource-exhausted"))
        .containsExactly(
            new Misbehaviour.Refuse(Status.Code.UNAVAILABLE, null),
            new Misbehaviour.GoAway(0),
            new Misbehaviour.Refuse(Status.Code.RESOURCE_EXHAUSTED, null));
    assertThat(MisbehaviourText.parse(" ")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "die-after=x|die-after: x (expected: a whole number of at least 0)",
        "die-after|die-after: none (expected: a whole number of at least 0)",
        "stall-after=-1|stall-after: -1 (expected: a whole number of at least 0)",
        "late=2|late: 2 (expected: a length of time such as 250ms or 2s, above 0)",
        "late=0s|late: 0s (expected: a length of time such as 250ms or 2s, above 0)",
        "slow=1|slow: 1 (expected: a number above 1 to 1000)",
        "slow=NaN|slow: NaN (expected: a number above 1 to 1000)",
        "refuse=OK|refuse: OK (expected: a gRPC status other than OK, such as RESOURCE_EXHAUSTED)",
        "silent=3|silent: 3 (expected: no value)",
        "overclaim=0|overclaim: 0 (expected: a whole number above 0)",
      })
  void aWrongValueIsNamedWithWhatIsExpected(String text, String message) {
    assertThatThrownBy(() -> MisbehaviourText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dye-after=3", "late=2s,", ",", "LATE=2s"})
  void anUnknownWayIsToldAllThatThereAre(String text) {
    assertThatThrownBy(() -> MisbehaviourText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("misbehaviour: ")
        .hasMessageContaining("(expected: " + MisbehaviourText.GRAMMAR + ")");
  }
}
