package dev.sluice.loadtest.live.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.loadtest.report.BackendEntry;
import dev.sluice.loadtest.report.BackendEntry.End;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Books that accelerators wrote. */
final class LedgerReaderTest {

  @Test
  void whatADeadProcessHadOpenDiedWithItAndWhatALivingOneHasOpenRuns() throws IOException {
    List<String> lines =
        List.of(
            "0 begin 100 0 0",
            "1 open load-1 0 0",
            "2 open load-2 0 0",
            "1 sends load-1 0 1",
            "2 sends load-2 7 2",
            "2 sends load-2 9 1",
            "1 completed load-1 0 1",
            "0 begin 101 0 0",
            "1 open load-3 0 0",
            "2 open warm-1 0 0",
            "3 open load-4 0 0",
            "3 cancelled load-4 0 0",
            "3 sends load-4 0 1");
    assertThat(LedgerReader.parse(lines, "gpu-1", "load-", 101))
        .containsExactly(
            new BackendEntry("gpu-1", "load-1", 0, 1, End.COMPLETED),
            new BackendEntry("gpu-1", "load-2", 7, 3, End.DIED),
            new BackendEntry("gpu-1", "load-3", 0, 0, End.RUNNING),
            new BackendEntry("gpu-1", "load-4", 0, 1, End.CANCELLED));
    // the next process has been started and has not written yet
    assertThat(LedgerReader.parse(lines, "gpu-1", "load-3", 102))
        .containsExactly(new BackendEntry("gpu-1", "load-3", 0, 0, End.DIED));
    assertThat(LedgerReader.parse(lines, "gpu-1", "load-3", 0))
        .containsExactly(new BackendEntry("gpu-1", "load-3", 0, 0, End.DIED));
  }

  @Test
  void aCutLineIsToleratedAtTheEndOnly() throws IOException {
    List<String> cut = List.of("0 begin 100 0 0", "1 open load-1");
    assertThat(LedgerReader.parse(cut, "gpu-1", "load-", 100)).isEmpty();
    assertThatThrownBy(
            () ->
                LedgerReader.parse(
                    List.of("1 open load-1", "0 begin 1 0 0"), "gpu-1", "load-", 100))
        .isInstanceOf(IOException.class)
        .hasMessage("gpu-1: line 1 of its ledger has 3 words");
  }
}
