package dev.sluice.loadtest.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BadTracesTest {
  private static final String OWN = "arrival_s,input_tokens,output_tokens\n";
  private static final int MEGABYTE = 1 << 20;
  private static final int MEGABYTES = Boolean.getBoolean("thorough") ? 100 : 20;

  @TempDir Path folder;

  @Test
  void rowsInsideTheWindowArePutInOrderAndCounted() throws IOException {
    Trace trace = read(OWN + "5,1,1\n3,2,1\n4,3,1\n5,4,1\n6,5,1\n");
    assertThat(trace.rows()).extracting(TraceRow::inputTokens).containsExactly(2, 3, 1, 4, 5);
    assertThat(trace.rows().getLast().atNanos()).isEqualTo(3_000_000_000L);
    assertThat(trace.summary().rows().reordered()).isEqualTo(2);
    assertThat(trace.summary().rows().dropped()).isZero();
  }

  @Test
  void rowsBeyondTheWindowAreDroppedWithTheirPlace() throws IOException {
    Path file = write(OWN + "5,1,1\n6,2,1\n7,3,1\n8,4,1\n4,5,1\n7.5,6,1\n");
    TraceSource source = new TraceSource(List.of(file), TraceOptions.seeded(1).withReorderRows(2));
    Trace trace = Trace.read(source);
    assertThat(trace.rows()).extracting(TraceRow::inputTokens).containsExactly(1, 2, 3, 6, 4);
    assertThat(trace.summary().rows().drops())
        .containsExactly(
            "trace:6: out of order: 2000 ms too late (expected: at most 2 rows after its place)");
    assertThat(trace.summary().rows().reordered()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NaN,1,1 | broken line: arrival_s: NaN (expected: a number, 0 or more)",
        "-1,1,1 | broken line: arrival_s: -1 (expected: a number, 0 or more)",
        "Infinity,1,1 | broken line: arrival_s: Infinity (expected: a number, 0 or more)",
        "1e300,1,1 | broken line: arrival_s: 1e300 (expected: a number, 0 or more)",
        ",1,1 | broken line: a field is missing (expected: arrival_s, input_tokens, output_tokens)",
        "1,0,1 | bad length: input tokens: 0 (expected: 1 …)",
        "1,-7,1 | bad length: input tokens: -7 (expected: 1 …)",
        "1,1,0 | bad length: output tokens: 0 (expected: 1 …)",
        "1,99999999,1 | bad length: input tokens: 99999999 (expected: 1 …)",
        "1,1.5,1 | broken line: input_tokens: 1.5 (expected: a whole number)",
        "1,1,1,1 | broken line: 4 fields (expected: 3)",
        "1 | broken line: 1 fields (expected: 3)"
      })
  void aRowThatCannotBeSentSaysWhy(String line, String complaint) throws IOException {
    Trace trace = read(OWN + "0,1,1\n" + line + "\n");
    assertThat(trace.summary().rows().drops()).containsExactly("trace:3: " + complaint);
    assertThat(trace.rows()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ttft_ms | 0 | ttft_ms: 0 (expected: above 0, or nothing)",
        "ttft_ms | -5 | ttft_ms: -5 (expected: a number, 0 or more)",
        "ttft_ms | NaN | ttft_ms: NaN (expected: a number, 0 or more)",
        "prefix | 0 | prefix: 0 (expected: runs such as 0+14;46+13)",
        "prefix | 0+0 | prefix: 0+0 (expected: runs such as 0+14;46+13)",
        "prefix | 0+3 | prefix: 3 blocks for 600 tokens (expected: at most 2)",
        "block_tokens | 0 | block_tokens: 0 (expected: 1 … 65536)"
      })
  void aMalformedExtraIsRefusedAndNeverIgnored(String column, String value, String complaint)
      throws IOException {
    Trace trace =
        read(
            "arrival_s,input_tokens,output_tokens," + column + "\n0,1,1,\n1,600,1," + value + "\n");
    assertThat(trace.summary().rows().drops())
        .containsExactly("trace:3: broken line: " + complaint);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n \n", "\uFEFF"})
  void anEmptyFileIsAnError(String content) {
    assertThatThrownBy(() -> read(content))
        .isInstanceOf(TraceException.class)
        .hasMessage("trace:1: empty file (expected: a trace)");
  }

  @Test
  void aHeaderAloneIsAnError() {
    assertThatThrownBy(() -> read(OWN))
        .isInstanceOf(TraceException.class)
        .hasMessage("trace: no usable row (expected: at least one)");
  }

  @Test
  void aMissingFileIsNamed() {
    Path file = folder.resolve("nowhere");
    assertThatThrownBy(() -> Trace.read(file, 1))
        .isInstanceOf(TraceException.class)
        .hasMessage(file + ": no such file");
  }

  @Test
  void aLineOfManyMegabytesIsRefusedWithItsPlaceAndTheNextIsRead() throws IOException {
    Trace trace = Trace.read(writeLong(OWN + "0,1,1\n", "\n2,7,1\n"), 1);
    assertThat(trace.summary().rows().drops())
        .containsExactly("trace:3: line too long: (expected: at most 8388608 characters)");
    assertThat(trace.rows()).extracting(TraceRow::inputTokens).containsExactly(1, 7);
  }

  @Test
  void manyMegabytesInsideAConversationAreRefusedWithTheirPlace() throws IOException {
    String good = "{\"id\":\"a\",\"block_size\":64,\"requests\":[{\"t\":0,\"in\":5,\"out\":7}]}\n";
    Trace trace = Trace.read(writeLong(good + "{\"id\":\"", "\n" + good), 1);
    assertThat(trace.summary().rows().drops())
        .containsExactly(
            "trace:2: broken conversation: column 65544: text (expected: at most 65536"
                + " characters)");
    assertThat(trace.rows()).hasSize(2);
  }

  @Test
  void manyMegabytesWithoutAnyLineAreNoTrace() throws IOException {
    Path file = writeLong("", "");
    assertThatThrownBy(() -> Trace.read(file, 1))
        .isInstanceOf(TraceException.class)
        .hasMessageStartingWith(
            "trace:1: first line \"" + "7".repeat(80) + "…\" (expected: one of");
  }

  @Test
  void aConversationThatIsCutOffDoesNotSpoilTheNext() throws IOException {
    String good = "{\"id\":\"a\",\"block_size\":64,\"requests\":[{\"t\":0,\"in\":5,\"out\":7}]}\n";
    Trace trace = read(good + good.substring(0, 50) + "\n" + good);
    assertThat(trace.rows()).hasSize(2);
    assertThat(trace.summary().rows().drops())
        .containsExactly("trace:2: broken conversation: column 51: (expected: a whole number)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"t\":-1 | -1.0 (expected: a time, 0 or more)",
        "\"t\":NaN | (expected: a number)",
        "\"hash_runs\":[[1,0]] | (expected: runs such as [first, count])",
        "\"hash_ids\":[4000000000] | number out of range",
        "\"in\":1.5 | (expected: a whole number)"
      })
  void aConversationWithABrokenRequestIsDroppedWhole(String field, String complaint)
      throws IOException {
    String line = "{\"id\":\"a\",\"block_size\":64,\"requests\":[{\"in\":500,\"out\":7,%s}]}\n";
    Trace trace = read(line.formatted("\"t\":0") + line.formatted(field));
    assertThat(trace.rows()).hasSize(1);
    assertThat(trace.summary().rows().drops())
        .singleElement()
        .asString()
        .startsWith("trace:2: broken conversation: column ")
        .endsWith(complaint);
  }

  @Test
  void deepNestingIsRefusedRatherThanFollowed() throws IOException {
    String deep = "[".repeat(100_000);
    Trace trace =
        read(
            "{\"timestamp\":0,\"input_length\":1,\"output_length\":1}\n"
                + "{\"timestamp\":0,\"input_length\":1,\"output_length\":1,\"x\":"
                + deep
                + "\n");
    assertThat(trace.summary().rows().drops())
        .containsExactly("trace:2: broken line: column 119: nesting (expected: at most 64 levels)");
  }

  @Test
  void aDamagedCompressedFileIsNamed() throws IOException {
    Path file = Files.write(folder.resolve("trace"), new byte[] {0x1F, (byte) 0x8B, 8, 0, 0});
    assertThatThrownBy(() -> Trace.read(file, 1))
        .isInstanceOf(TraceException.class)
        .hasMessageStartingWith("trace: damaged: ");
  }

  private Trace read(String content) throws IOException {
    return Trace.read(write(content), 1);
  }

  private Path write(String content) throws IOException {
    return Files.writeString(folder.resolve("trace"), content);
  }

  private Path writeLong(String before, String after) throws IOException {
    Path file = folder.resolve("trace");
    byte[] megabyte = new byte[MEGABYTE];
    Arrays.fill(megabyte, (byte) '7');
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(before.getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < MEGABYTES; i++) {
        out.write(megabyte);
      }
      out.write(after.getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }
}
