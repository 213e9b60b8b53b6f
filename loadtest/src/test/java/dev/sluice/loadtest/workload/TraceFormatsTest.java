package dev.sluice.loadtest.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TraceFormatsTest {
  @TempDir Path folder;

  @Test
  void azureRowsKeepTheirTimesToAHundredNanoseconds() throws IOException {
    Trace trace =
        read(
            """
            TIMESTAMP,ContextTokens,GeneratedTokens
            2023-11-16 18:17:03.9799600,4808,10
            2023-11-16 18:17:04.0319601,3180,8
            """);
    assertThat(trace.rows())
        .containsExactly(
            new TraceRow(0, 4808, 10, PrefixBlocks.NONE),
            new TraceRow(52_000_100, 3180, 8, PrefixBlocks.NONE));
    assertThat(trace.summary().format()).isEqualTo(TraceFormat.AZURE_CSV);
  }

  @Test
  void azureTimesMayCarryAnOffset() throws IOException {
    Trace trace =
        read(
            """
            TIMESTAMP,ContextTokens,GeneratedTokens
            2024-05-10 00:00:00.009930+00:00,1,1
            2024-05-10 00:00:01.009930+00:00,1,1
            """);
    assertThat(trace.rows().get(1).atNanos()).isEqualTo(1_000_000_000L);
  }

  @Test
  void mooncakeRowsKeepTheIdentityOfTheirPrompts() throws IOException {
    Trace trace =
        read(
            """
            {"timestamp": 7, "input_length": 600, "output_length": 5, "hash_ids": [3, 4]}
            {"timestamp": 9, "input_length": 10, "output_length": 1, "hash_ids": [3]}
            """);
    assertThat(trace.rows().get(1).atNanos()).isEqualTo(2_000_000);
    assertThat(trace.rows().getFirst().prefix().id(1)).isEqualTo(4);
    assertThat(trace.rows().getFirst().prefix()).hasToString("3+2");
  }

  @Test
  void serveGenRowsAreRead() throws IOException {
    Trace trace =
        read(
            """
            timestamp_ms,client,input_tokens,output_tokens,reasoning_tokens
            5,3,208,1308,1070
            6,22,21,994,548
            """);
    assertThat(trace.rows())
        .containsExactly(
            new TraceRow(0, 208, 1308, PrefixBlocks.NONE).on(Terms.ofTenant("3")),
            new TraceRow(1_000_000, 21, 994, PrefixBlocks.NONE).on(Terms.ofTenant("22")));
  }

  @Test
  void theScheduleOfALiveRunIsReadAsTheRequestsThatWereSent() throws IOException {
    Trace trace =
        read(
            """
            {"timestamp": 0, "input_length": 600, "output_length": 5, "hash_ids": [3, 4]}
            {"timestamp": 9, "input_length": 2000, "output_length": 1, "hash_ids": [3, 9, 10, 20]}
            {"timestamp": 14, "input_length": 10, "output_length": 7, "hash_ids": [3]}
            """);
    ClassMix mix = ClassMix.parse("coding=0.5,batch=0.5", Map.of());
    Schedule sent =
        new ScheduleBuilder(mix, 3)
            .fromTrace(trace, OptionalDouble.of(600), OptionalLong.of(100_000_000));
    ByteArrayOutputStream csv = new ByteArrayOutputStream();
    sent.writeCsv(csv);
    Trace again = read(csv.toString(StandardCharsets.UTF_8));
    assertThat(again.summary().format()).isEqualTo(TraceFormat.SCHEDULE_CSV);
    long first = sent.requests().getFirst().intendedNanos();
    assertThat(again.rows())
        .isEqualTo(
            sent.requests().stream()
                .map(
                    each ->
                        new TraceRow(
                                each.intendedNanos() - first,
                                each.inputTokens(),
                                each.outputTokens(),
                                each.prefix())
                            .on(Terms.ofClass(each.serviceClass().name())))
                .toList());
    assertThat(again.rows()).anyMatch(row -> row.prefix().space() != 0);
  }

  @Test
  void aScheduleWithABrokenPrefixOrTimeIsDroppedWhereItIsBroken() throws IOException {
    Trace trace =
        read(
            """
            index,intended_ns,input_tokens,output_tokens,class,seed,prefix
            0,5,600,5,batch,1,-7+2
            1,-5,600,5,batch,1,
            2,6,600,5,batch,1,x+2
            3,7,600,5,batch,1,99999999999+1
            """);
    assertThat(trace.rows()).hasSize(1);
    assertThat(trace.rows().getFirst().prefix().id(1)).isEqualTo(-6);
    assertThat(trace.summary().rows().dropped()).isEqualTo(3);
  }

  @Test
  void badRowsAreDroppedWithFileAndLine() throws IOException {
    Trace trace =
        read(
            """
            TIMESTAMP,ContextTokens,GeneratedTokens
            2023-11-16 18:17:04.0000000,1,1
            2023-11-16 18:17:05.0000000,-4,1
            2023-11-16 18:17:06.0000000,1
            noon,1,1

            2023-11-16 18:17:06.0000000,NaN,1
            2023-11-16 18:17:07.0000000,1,2
            """);
    assertThat(trace.rows()).hasSize(2);
    assertThat(trace.summary().rows().read()).isEqualTo(6);
    assertThat(trace.summary().rows().dropped()).isEqualTo(4);
    assertThat(trace.summary().rows().drops())
        .containsExactly(
            "trace:3: bad length: input tokens: -4 (expected: 1 …)",
            "trace:4: broken line: 2 fields (expected: 3)",
            "trace:5: broken line: TIMESTAMP: noon (expected: 2023-11-16 18:17:03.9799600)",
            "trace:7: broken line: ContextTokens: NaN (expected: a whole number)");
    assertThat(trace.summary().rows().reasons())
        .containsExactly(Map.entry("bad length", 1), Map.entry("broken line", 3));
  }

  @Test
  void brokenMooncakeLinesAreDroppedWithTheirColumn() throws IOException {
    Trace trace =
        read(
            """
            {"timestamp": 0, "input_length": 6, "output_length": 5, "hash_ids": [0]}
            {"timestamp": 0, "input_length": 6, "output_le
            {"timestamp": 0, "input_length": 600, "output_length": 5, "hash_ids": [0]}
            {"timestamp": 0, "input_length": 6, "output_length": 99999999999999999999}
            """);
    assertThat(trace.summary().rows().drops())
        .containsExactly(
            "trace:2: broken line: column 38: open text (expected: a closing quote)",
            "trace:3: broken line: hash_ids: 1 ids for 600 tokens (expected: 2)",
            "trace:4: broken line: column 74: number out of range");
  }

  @Test
  void anEmptyFileIsAnError() {
    assertThatThrownBy(() -> read("\n\n"))
        .isInstanceOf(TraceException.class)
        .hasMessage("trace:1: empty file (expected: a trace)");
  }

  @Test
  void aFileOfAnotherFormatIsAnErrorThatShowsItsFirstLineAndTheFormats() {
    assertThatThrownBy(() -> read("when,what\n1,2\n"))
        .isInstanceOf(TraceException.class)
        .hasMessageStartingWith(
            "trace:1: first line \"when,what\" (expected: one of Azure CSV (TIMESTAMP,"
                + " ContextTokens,")
        .hasMessageContainingAll(
            "BurstGPT CSV", "Bailian JSONL", "agent JSON", "own CSV (arrival_s");
  }

  @Test
  void aFileWithoutAnyUsableRowIsAnError() {
    assertThatThrownBy(
            () ->
                read("timestamp_ms,client,input_tokens,output_tokens,reasoning_tokens\n0,1,0,1,0"))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("trace: no usable row, first: trace:2: bad length");
  }

  @Test
  void requestsOnTheThreeSecondTickAreSpreadOverTheThreeSecondsThatFollow() throws IOException {
    Trace trace = read(ticks(5, 10));
    assertThat(trace.summary().tickRepaired()).isTrue();
    for (int i = 0; i < 50; i++) {
      long tick = i / 10 * 3_000_000_000L;
      assertThat(trace.rows().get(i).atNanos()).isBetween(tick, tick + 2_999_999_999L);
    }
    assertThat(trace.rows().stream().map(TraceRow::atNanos)).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void aTraceWithOneRowOffTheTickIsLeftAsItIs() throws IOException {
    Trace trace =
        read(ticks(5, 10) + "{\"timestamp\":13500,\"input_length\":1,\"output_length\":1}\n");
    assertThat(trace.summary().tickRepaired()).isFalse();
    assertThat(trace.rows().get(9).atNanos()).isZero();
  }

  private static String ticks(int ticks, int requestsEach) {
    return IntStream.range(0, ticks * requestsEach)
        .map(i -> i / requestsEach * 3000)
        .mapToObj(at -> "{\"timestamp\": " + at + ", \"input_length\": 1, \"output_length\": 1}\n")
        .collect(Collectors.joining());
  }

  private Trace read(String content) throws IOException {
    return Trace.read(Files.writeString(folder.resolve("trace"), content), 1);
  }
}
