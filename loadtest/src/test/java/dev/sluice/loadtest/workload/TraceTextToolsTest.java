package dev.sluice.loadtest.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The small parts that reading is made of. */
final class TraceTextToolsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1000000000",
    "1.5, 1500000000",
    "0.000000001, 1",
    "61.114, 61114000000",
    "19440110.0, 19440110000000000",
    "0.0000000015, 2",
    "1e-3, 1000000",
    "' 7 ', 7000000000"
  })
  void decimalSecondsAreExact(String text, long nanos) throws Malformed {
    assertThat(Decimals.nanos("t", text, 9)).isEqualTo(nanos);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "NaN", "1e99", "one", "1.2.3", "999999999999999999999"})
  void otherTextsAreNoTime(String text) {
    assertThatThrownBy(() -> Decimals.nanos("t", text, 9))
        .isInstanceOf(Malformed.class)
        .hasMessage("t: " + text + " (expected: a number, 0 or more)");
  }

  @Test
  void quotedFieldsMayHoldCommasAndQuotes() throws Malformed {
    CsvColumns columns = CsvColumns.of("a, \"b\" ,c");
    columns.take("1,\"x, \"\"y\"\"\", 3 ");
    assertThat(
            List.of(columns.field("a"), columns.field("b"), columns.field("c"), columns.field("d")))
        .containsExactly("1", "x, \"y\"", "3", "");
  }

  @Test
  void jsonTextsMayHoldEscapes() throws Malformed {
    JsonText json = new JsonText();
    json.startLine(" { \"a\\u00e9\\n\" : [ \"\\\"\\\\\\/\" , -12, 1e2, null ] } ");
    assertThat(json.openObject()).isTrue();
    assertThat(json.key()).isEqualTo("aé\n");
    assertThat(json.openList()).isTrue();
    assertThat(json.text()).isEqualTo("\"\\/");
    assertThat(json.nextItem()).isTrue();
    assertThat(json.wholeNumber()).isEqualTo(-12);
    assertThat(json.nextItem()).isTrue();
    assertThat(json.number()).isEqualTo(100);
    assertThat(json.nextItem()).isTrue();
    assertThat(json.acceptNull()).isTrue();
    assertThat(json.nextItem()).isFalse();
    assertThat(json.nextMember()).isFalse();
    json.expectEnd();
  }

  @Test
  void aStreamGivesTheSameWhateverItsPieces() throws Malformed {
    String text = "{\"windows\": [1, 22, 333],\n \"client\": \"ab\\u0041\"}\n{}";
    for (int piece = 1; piece < text.length(); piece++) {
      JsonText json = new JsonText(pieces(text, piece), false);
      List<Object> read = new ArrayList<>();
      for (boolean more = json.openObject(); more; more = json.nextMember()) {
        read.add(json.key());
        if (json.key().equals("client")) {
          read.add(json.text());
        } else {
          for (boolean item = json.openList(); item; item = json.nextItem()) {
            read.add(json.wholeNumber());
          }
        }
      }
      assertThat(read).containsExactly("windows", 1L, 22L, 333L, "client", "abA");
      assertThat(json.lineNumber()).isEqualTo(2);
      assertThat(json.hasMore()).isTrue();
      assertThat(json.openObject()).isFalse();
      assertThat(json.hasMore()).isFalse();
    }
  }

  private static JsonText.Source pieces(String text, int size) {
    int[] position = {0};
    return into -> {
      int count = Math.min(size, text.length() - position[0]);
      text.getChars(position[0], position[0] + count, into, 0);
      position[0] += count;
      return count == 0 ? -1 : count;
    };
  }

  @Test
  void anyLineThatIsDamagedIsToldAndNeverThrown() {
    String line =
        "{\"timestamp\": 7, \"input_length\": 600, \"output_length\": 5, \"hash_ids\": [3, 4]}";
    LineParser parser = LineParser.json(new MooncakeRows());
    SplittableRandom random = new SplittableRandom(1);
    for (int trial = 0; trial < 20_000; trial++) {
      StringBuilder damaged = new StringBuilder(line);
      for (int i = 0; i < 1 + random.nextInt(3); i++) {
        damaged.setCharAt(random.nextInt(damaged.length()), (char) random.nextInt(1, 256));
      }
      damaged.setLength(random.nextInt(damaged.length()) + 1);
      assertThat(parser.parse(damaged.toString())).isNotNull();
    }
  }

  @Test
  void runsOfIdsAreTheIds() {
    SplittableRandom random = new SplittableRandom(1);
    for (int trial = 0; trial < 200; trial++) {
      int[] ids = new int[1 + random.nextInt(60)];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = i > 0 && random.nextInt(4) > 0 ? ids[i - 1] + 1 : random.nextInt(100);
      }
      PrefixBlocks blocks = PrefixBlocks.of(ids, ids.length);
      assertThat(blocks.size()).isEqualTo(ids.length);
      for (int i = 0; i < ids.length; i++) {
        assertThat(blocks.id(i)).isEqualTo(ids[i]);
      }
    }
  }

  @Test
  void promptsAreSentInBlocksThatAreSharedExactlyWhenAllTheirPartsAre() {
    PrefixBlocks first = blocks(64, 25, 0);
    PrefixBlocks longer = blocks(64, 25, 24);
    PrefixBlocks sent = first.inSentBlocks(1601, 1);
    PrefixBlocks other = longer.inSentBlocks(3136, 2);
    assertThat(sent.size()).isEqualTo(4);
    assertThat(other.size()).isEqualTo(7);
    assertThat(List.of(sent.id(0), sent.id(1), sent.id(2)))
        .containsExactly(other.id(0), other.id(1), other.id(2));
    assertThat(sent.id(3)).isNotEqualTo(other.id(3));
    assertThat(first.inSentBlocks(1601, 3).id(3)).isNotEqualTo(sent.id(3));
    PrefixBlocks already = PrefixBlocks.of(new int[] {4, 5}, 2);
    assertThat(already.inSentBlocks(600, 1)).isSameAs(already);
  }

  private static PrefixBlocks blocks(int blockTokens, int shared, int own) {
    PrefixBlocks.Builder blocks = new PrefixBlocks.Builder();
    blocks.add(0, shared);
    if (own > 0) {
      blocks.add(5000, own);
    }
    return blocks.build(blockTokens);
  }

  @Test
  void countsGiveTheQuantilesOfTheSortedNumbers() {
    SplittableRandom random = new SplittableRandom(3);
    int[] numbers = random.ints(1001, 1, 200_000).toArray();
    TokenCounts counts = new TokenCounts();
    for (int number : numbers) {
      counts.add(number);
    }
    Arrays.sort(numbers);
    assertThat(counts.statistics())
        .isEqualTo(
            new TokenStatistics(
                Arrays.stream(numbers).average().orElseThrow(),
                numbers[500],
                numbers[900],
                numbers[990],
                numbers[1000]));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void rowsThatStrayInsideTheWindowComeOutSorted(long seed) throws Exception {
    List<Long> times = new ArrayList<>(LongStream.range(0, 5000).boxed().toList());
    Random random = new Random(seed);
    for (int start = 0; start < times.size(); start += 40) {
      Collections.shuffle(times.subList(start, start + 40), random);
    }
    Tally tally = new Tally();
    OrderedFeed feed = new OrderedFeed(feed(times.iterator()), 40, tally);
    List<Long> read = new ArrayList<>();
    for (TraceRow row = feed.next(); row != null; row = feed.next()) {
      read.add(row.atNanos());
    }
    assertThat(read).hasSize(5000).isSorted();
    assertThat(tally.rows().dropped()).isZero();
    assertThat(tally.rows().reordered()).isPositive();
  }

  private static RowFeed feed(Iterator<Long> times) {
    return new RowFeed() {
      @Override
      public @Nullable TraceRow next() {
        return times.hasNext() ? new TraceRow(times.next(), 1, 1, PrefixBlocks.NONE) : null;
      }

      @Override
      public String place() {
        return "list";
      }

      @Override
      public void close() {}
    };
  }
}
