package dev.sluice.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class FaultsCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int execute(String... arguments) {
    return LoadMain.execute(new PrintWriter(out), new PrintWriter(err), arguments);
  }

  @Test
  void seedsArePlayedAndTold() {
    assertThat(execute("faults", "--seeds", "1..20")).as("%s", err).isEqualTo(ExitCodes.PASSED);
    assertThat(out.toString())
        .contains("seeds 1..20: 20 run in")
        .contains("kills mid-stream")
        .contains("tokens checked")
        .contains("violations 0");
  }

  @Test
  void oneSeedIsToldEventByEvent() {
    assertThat(execute("faults", "--seeds", "17..17", "--log")).isEqualTo(ExitCodes.PASSED);
    assertThat(out.toString())
        .contains("#1       caller asks for")
        .contains("#1.1     gateway starts an attempt on backend-")
        .contains("nothing goes wrong any more")
        .contains("seeds 17..17: 1 run in");
  }

  @Test
  void onlyOneSeedIsToldEventByEvent() {
    assertThat(execute("faults", "--seeds", "1..2", "--log")).isEqualTo(ExitCodes.ERROR);
    assertThat(err.toString()).contains("log: of 1..2 (expected: one seed");
  }

  @Test
  void seedsThatAreNoneAreRefused() {
    assertThat(execute("faults", "--seeds", "9..1")).isEqualTo(ExitCodes.ERROR);
    assertThat(err.toString()).contains("seeds: 9..1 (expected: as 1..2000)");
  }

  @Test
  void aTimeThatCanNotBeIsRefused() {
    assertThat(execute("faults", "--minutes", "NaN")).isEqualTo(ExitCodes.ERROR);
    assertThat(err.toString()).contains("minutes: NaN (expected: >= 0)");
  }

  @Test
  void theTimeThatItMayTakeEndsIt() {
    assertThat(execute("faults", "--seeds", "1..1000000000", "--minutes", "0.001"))
        .isEqualTo(ExitCodes.PASSED);
    assertThat(out.toString()).contains("seeds 1..1000000000: ").contains("violations 0");
  }
}
