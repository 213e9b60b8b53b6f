package dev.sluice.loadtest.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples of the formats of which no published file is at hand. */
final class FormatSamplesTest {
  private static final long SECOND = 1_000_000_000L;
  private static final String AZURE =
      """
      TIMESTAMP,ContextTokens,GeneratedTokens
      2024-05-10 00:00:00.009930+00:00,2162,5
      2024-05-10 00:00:01.017335+00:00,2399,6
      """;

  @TempDir Path folder;

  @Test
  void azureWithImagesHasItsColumnsElsewhere() throws IOException {
    Trace trace =
        read(
            """
            TIMESTAMP,NumImages,ContextTokens,GeneratedTokens
            2024-10-15 00:00:00.000000,3,1408,25
            2024-10-15 00:00:02.500000,0,79,104
            """);
    assertThat(trace.summary().format()).isEqualTo(TraceFormat.AZURE_CSV);
    assertThat(trace.rows())
        .containsExactly(
            new TraceRow(0, 1408, 25, PrefixBlocks.NONE),
            new TraceRow(2_500_000_000L, 79, 104, PrefixBlocks.NONE));
  }

  @Test
  void burstGptDropsAndCountsWhatFailed() throws IOException {
    Trace trace =
        read(
            """
            Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type
            5,ChatGPT,472,18,490,Conversation log
            45,ChatGPT,1087,0,1087,API log
            118.5,GPT-4,417,276,693,API log
            """);
    assertThat(trace.summary().format()).isEqualTo(TraceFormat.BURSTGPT_CSV);
    assertThat(trace.rows())
        .containsExactly(
            new TraceRow(0, 472, 18, PrefixBlocks.NONE).on(Terms.ofClass("Conversation log")),
            new TraceRow(113_500_000_000L, 417, 276, PrefixBlocks.NONE)
                .on(Terms.ofClass("API log")));
    assertThat(trace.summary().rows().reasons()).containsEntry("failed request", 1);
    assertThat(trace.summary().rows().drops())
        .containsExactly("trace:3: failed request: response tokens: 0 (expected: 1 …)");
  }

  @Test
  void burstGptSessionsAreConversationsAndApiRowsStandAlone() throws IOException {
    List<TraceRow> rows =
        read("""
        Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type
        19440110.0,1722ac82-0a46,43,GPT-4,906,446,1352,Conversation log
        19440161.0,,2,ChatGPT,36,29,65,API log
        19440192.0,1722ac82-0a46,10,GPT-4,1400,91,1491,Conversation log
        """)
            .rows();
    assertThat(rows)
        .extracting(row -> row.turn().inConversation())
        .containsExactly(true, false, true);
    assertThat(rows.get(2).turn())
        .isEqualTo(Turn.recorded(rows.getFirst().turn().conversation(), 1));
    assertThat(rows.get(2).atNanos()).isEqualTo(82 * SECOND);
  }

  @Test
  void bailianChatsAreTurnsOfTheConversationOfTheirRoot() throws IOException {
    Trace trace =
        read(
            """
            {"chat_id": 1, "parent_chat_id": -1, "timestamp": 61.114, "input_length": 33, "output_length": 13, "type": "text", "turn": 1, "hash_ids": [7, 8, 9]}
            {"chat_id": 2, "parent_chat_id": -1, "timestamp": 61.2, "input_length": 16, "output_length": 1, "type": "search", "turn": 1, "hash_ids": [7]}
            {"chat_id": 3, "parent_chat_id": 1, "timestamp": 70.5, "input_length": 64, "output_length": 5, "type": "text", "turn": 2, "hash_ids": [7, 8, 19, 20]}
            {"chat_id": 4, "parent_chat_id": 3, "timestamp": 80, "input_length": 65, "output_length": 5, "type": "text", "turn": 3, "hash_ids": [7, 8, 19, 20, 30]}
            {"chat_id": 5, "parent_chat_id": 99, "timestamp": 81, "input_length": 1, "output_length": 5, "type": "file", "turn": 4, "hash_ids": []}
            """);
    List<TraceRow> rows = trace.rows();
    long conversation = rows.getFirst().turn().conversation();
    assertThat(trace.summary().format()).isEqualTo(TraceFormat.BAILIAN_JSONL);
    assertThat(rows)
        .extracting(row -> row.turn().conversation() == conversation)
        .containsExactly(true, false, true, true, false);
    assertThat(rows).extracting(row -> row.turn().ordinal()).containsExactly(0, 0, 1, 2, 3);
    assertThat(rows.get(1).atNanos()).isEqualTo(86_000_000L);
    assertThat(rows.get(2).prefix().blockTokens()).isEqualTo(16);
    assertThat(rows.get(2).prefix()).hasToString("7+2;19+2");
    assertThat(rows.get(4).terms().serviceClass()).isEqualTo("file");
  }

  @Test
  void bothFormsOfBlockIdsMeanTheSame() throws IOException {
    String conversation =
        "{\"id\":\"a\",\"block_size\":64,\"hash_id_scope\":\"local\",\"requests\":[{\"t\":0.0,\"type\":\"s\",\"in\":450,\"out\":7,%s}]}\n";
    TraceRow listed =
        read(conversation.formatted("\"hash_ids\":[1,2,3,9,10,11,12]")).rows().getFirst();
    TraceRow coded = read(conversation.formatted("\"hash_runs\":[[1,3],[9,4]]")).rows().getFirst();
    assertThat(coded).isEqualTo(listed);
    assertThat(coded.prefix()).hasToString("@1:1+3;9+4");
    assertThat(coded.prefix().blockTokens()).isEqualTo(64);
  }

  @Test
  void anAgentConversationMayBeADocumentOfManyLinesWithIdsOfAllConversations() throws IOException {
    Trace trace =
        read(
            """
            {
              "requests": [
                {"t": 0.5, "type": "n", "in": 130, "out": 0, "hash_ids": [5, 6], "think_time": null}
              ],
              "hash_id_scope": "global",
              "block_size": 64,
              "id": "late keys"
            }
            """);
    assertThat(trace.summary().rows().raised()).isEqualTo(1);
    assertThat(trace.rows().getFirst().outputTokens()).isEqualTo(1);
    assertThat(trace.rows().getFirst().prefix()).hasToString("5+2");
  }

  @Test
  void aSecondConversationHasASpaceOfItsOwnAndAStartAtTheGivenRate() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 2000; i++) {
      lines.append(
          "{\"id\":\"c%d\",\"block_size\":64,\"requests\":[{\"t\":0,\"in\":64,\"out\":1,\"hash_ids\":[1]}]}\n"
              .formatted(i));
    }
    Path file = Files.writeString(folder.resolve("trace"), lines);
    List<TraceRow> rows =
        TraceFixtures.rows(
            new TraceSource(List.of(file), TraceOptions.seeded(3).withConversationRate(0.5)));
    assertThat(rows).hasSize(2000);
    assertThat(rows.getFirst().atNanos()).isZero();
    assertThat(rows.getLast().atNanos() / 1e9).isCloseTo(4000, within(200.0));
    assertThat(rows.stream().map(row -> row.prefix().space()).distinct()).hasSize(2000);
    assertThat(rows.stream().map(row -> row.turn().conversation()).distinct()).hasSize(2000);
  }

  @Test
  void lengthsAloneNeedARate() throws IOException {
    String lengths = "num_prefill_tokens,num_decode_tokens,pd_ratio\n3772,54,69.8\n2015,156,12.9\n";
    assertThatThrownBy(() -> read(lengths))
        .isInstanceOf(TraceException.class)
        .hasMessage(
            "trace:1: lengths without arrivals (expected: an arrival rate to draw them at)");
    List<TraceRow> rows =
        TraceFixtures.rows(
            new TraceSource(
                List.of(folder.resolve("trace")), TraceOptions.seeded(1).withArrivalRate(2)));
    assertThat(rows.getFirst()).isEqualTo(new TraceRow(0, 3772, 54, PrefixBlocks.NONE));
    assertThat(rows.get(1).atNanos()).isPositive();
  }

  @Test
  void ourOwnCsvCarriesEverythingThatARowMayHave() throws IOException {
    TraceRow row =
        read("""
        arrival_s,input_tokens,output_tokens,class,tenant,conversation,ttft_ms,tpot_ms,total_ms,block_tokens,prefix
        12.5,200,7,chat,"a, b",c1,450,12.5,,100,0+1;46+1
        13,10,1,,,c1,,,,,
        """)
            .rows()
            .getFirst();
    assertThat(row.terms())
        .isEqualTo(new Terms("a, b", "chat", new Budget(450_000_000, 12_500_000, 0)));
    assertThat(row.turn()).isEqualTo(Turn.recorded(Turn.conversationOf("c1"), 0));
    assertThat(row.prefix().blockTokens()).isEqualTo(100);
    assertThat(row.prefix()).hasToString("0+1;46+1");
  }

  @Test
  void ourOwnJsonSaysTheSame() throws IOException {
    String csv =
        """
        arrival_s,input_tokens,output_tokens,class,tenant,conversation,ttft_ms,prefix
        0,1500,7,chat,t1,c1,450,0+2;46+1
        1.25,10,1,,,c1,,
        """;
    String json =
        """
        {"arrival_s": 0, "input_tokens": 1500, "output_tokens": 7, "class": "chat", "tenant": "t1", "conversation": "c1", "ttft_ms": 450, "prefix": [0, 1, 46]}
        {"arrival_s": 1.25, "input_tokens": 10, "output_tokens": 1, "conversation": "c1", "note": {"any": [1]}}
        """;
    assertThat(read(json).rows()).isEqualTo(read(csv).rows());
  }

  @Test
  void aScheduleTakesTheClassThatARowNamesAndSendsItsPromptInWholeBlocks() throws IOException {
    Trace trace =
        read(
            """
            arrival_s,input_tokens,output_tokens,class,block_tokens,prefix
            0,1500,7,coding,64,0+20
            1,1500,7,unheard of,64,0+20
            """);
    Schedule schedule =
        new ScheduleBuilder(ClassMix.parse("chat=1000000,coding=0.000001", Map.of()), 1)
            .fromTrace(trace, OptionalDouble.empty(), OptionalLong.empty());
    assertThat(schedule.requests())
        .extracting(request -> request.serviceClass().name())
        .containsExactly("coding", "chat");
    PrefixBlocks first = schedule.requests().getFirst().prefix();
    PrefixBlocks second = schedule.requests().getLast().prefix();
    assertThat(first.size()).isEqualTo(3);
    assertThat(first.id(0)).isEqualTo(second.id(0));
    assertThat(first.id(1)).isEqualTo(second.id(1));
    assertThat(first.id(2)).isNotEqualTo(second.id(2));
  }

  @Test
  void aCompressedFileWithWindowsLineEndsIsReadAsIfItWereNot() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(("\uFEFF" + AZURE.replace("\n", "\r\n")).getBytes(StandardCharsets.UTF_8));
    }
    Path file = Files.write(folder.resolve("packed"), packed.toByteArray());
    assertThat(Trace.read(file, 1).rows()).isEqualTo(read(AZURE).rows());
  }

  @Test
  void filesOfOneClockAreMergedInTheOrderOfTime() throws IOException {
    Path second =
        Files.writeString(
            folder.resolve("second"),
            """
            TIMESTAMP,ContextTokens,GeneratedTokens
            2024-05-10 00:00:00.509930+00:00,1,1
            2024-05-10 00:00:02.009930+00:00,2,2
            """);
    Path first = Files.writeString(folder.resolve("first"), AZURE);
    try (TraceCursor cursor = TraceCursor.open(List.of(second, first), TraceOptions.seeded(1))) {
      assertThat(TraceFixtures.drain(cursor))
          .extracting(TraceRow::inputTokens)
          .containsExactly(2162, 1, 2399, 2);
      assertThat(cursor.summary().files())
          .extracting(TraceSummary.TraceFile::name)
          .containsExactly("second", "first");
    }
  }

  @Test
  void filesOfSeveralFormatsAreRefused() throws IOException {
    Path azure = Files.writeString(folder.resolve("azure"), AZURE);
    Path own =
        Files.writeString(folder.resolve("own"), "arrival_s,input_tokens,output_tokens\n1,1,1\n");
    assertThatThrownBy(() -> TraceCursor.open(List.of(azure, own), TraceOptions.seeded(1)))
        .isInstanceOf(TraceException.class)
        .hasMessage("own: own CSV (expected: Azure CSV, as the first file)");
  }

  private Trace read(String content) throws IOException {
    return Trace.read(Files.writeString(folder.resolve("trace"), content), 1);
  }
}
