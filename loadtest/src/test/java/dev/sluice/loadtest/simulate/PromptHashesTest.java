package dev.sluice.loadtest.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.core.request.Prefix;
import dev.sluice.loadtest.workload.PrefixBlocks;
import dev.sluice.loadtest.workload.TraceCursor;
import dev.sluice.loadtest.workload.TraceOptions;
import dev.sluice.loadtest.workload.TraceRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PromptHashesTest {

  @TempDir private Path folder;
  private PrefixBlocks first = PrefixBlocks.NONE;
  private PrefixBlocks second = PrefixBlocks.NONE;
  private PrefixBlocks third = PrefixBlocks.NONE;

  /** Prompts of 1,300 tokens: the first two share 1,024 of them, the third shares none. */
  @BeforeEach
  void readPrompts() throws IOException {
    Path trace = folder.resolve("trace.jsonl");
    Files.writeString(trace, line(0, "1,2,3") + line(1, "1,2,4") + line(2, "5,2,3"));
    try (TraceCursor rows = TraceCursor.open(List.of(trace), TraceOptions.seeded(1))) {
      first = prefix(rows.next());
      second = prefix(rows.next());
      third = prefix(rows.next());
    }
  }

  private static String line(int millis, String ids) {
    return "{\"timestamp\":%d,\"input_length\":1300,\"output_length\":5,\"hash_ids\":[%s]}\n"
        .formatted(millis, ids);
  }

  private static PrefixBlocks prefix(@Nullable TraceRow row) {
    return row == null ? PrefixBlocks.NONE : row.prefix();
  }

  @Test
  void aPromptWithoutIdentityHasNoHashes() {
    assertThat(PromptHashes.prefix(PrefixBlocks.NONE, 1000)).isSameAs(Prefix.NONE);
    assertThat(PromptHashes.ofMemory(PrefixBlocks.NONE, 1000, 16)).isEmpty();
  }

  @Test
  void everyFullBlockOfMemoryHasAHash() {
    assertThat(PromptHashes.ofMemory(first, 1300, 16)).hasSize(81).doesNotHaveDuplicates();
  }

  @Test
  void promptsThatBeginAlikeShareTheHashesOfThatBeginningAndNoOther() {
    long[] one = PromptHashes.ofMemory(first, 1300, 16);
    long[] other = PromptHashes.ofMemory(second, 1300, 16);
    assertThat(Arrays.mismatch(one, other)).isEqualTo(1024 / 16);
    assertThat(Arrays.stream(one).skip(64)).doesNotContainAnyElementsOf(boxed(other));
  }

  @Test
  void equalBlocksBehindAnotherBeginningAreOthers() {
    assertThat(boxed(PromptHashes.ofMemory(first, 1300, 16)))
        .doesNotContainAnyElementsOf(boxed(PromptHashes.ofMemory(third, 1300, 16)));
  }

  @Test
  void theGatewaySeesTheWholeBlocksOfTheTrace() {
    Prefix prefix = PromptHashes.prefix(first, 1300);
    assertThat(prefix.blockTokens()).isEqualTo(512);
    // the third block is not full
    assertThat(prefix.blockHashes()).hasSize(2);
    assertThat(PromptHashes.prefix(second, 1300).blockHashes()).isEqualTo(prefix.blockHashes());
    assertThat(PromptHashes.prefix(third, 1300).blockHashes()).isNotEqualTo(prefix.blockHashes());
  }

  private static List<Long> boxed(long[] hashes) {
    return Arrays.stream(hashes).boxed().toList();
  }
}
