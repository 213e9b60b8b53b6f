package dev.sluice.backends.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Completion;
import dev.sluice.backends.TokenChunk;
import dev.sluice.backends.text.TokenCounts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of every engine, as its documentation or a running one has them, and broken ones. */
final class AnswerTest {

  private static final Pattern EXPECTED =
      Pattern.compile(
          ": expect: \"(.*)\" (\\w+) (\\d+) (\\d+) tokens=(\\d+)(?: queue=([0-9.]+))?\n");

  @ParameterizedTest
  @CsvSource({
    "llama.cpp, llama.cpp-chat",
    "llama.cpp, llama.cpp-completion",
    "vllm, vllm-chat",
    "sglang, sglang-chat",
    "tensorrt-llm, tensorrt-llm-completion",
    "groq, groq-chat",
    "cerebras, cerebras-chat",
    "sambanova, sambanova-chat",
    "openai, openai-chat",
  })
  void aRecordedAnswerIsReadRightWhateverItsCuts(String preset, String recording)
      throws IOException {
    byte[] bytes = recording(recording);
    Matcher expected = EXPECTED.matcher(new String(bytes, StandardCharsets.UTF_8));
    assertThat(expected.find()).isTrue();
    for (int cut = 0; cut <= bytes.length; cut++) {
      Told told = told(answer(preset), bytes, cut);
      assertThat(told.text).isEqualTo(expected.group(1));
      Completion completion = Objects.requireNonNull(told.completion);
      assertThat(completion.reason()).isEqualTo(Completion.Reason.valueOf(expected.group(2)));
      assertThat(completion.inputTokens()).isEqualTo(Integer.parseInt(expected.group(3)));
      assertThat(completion.outputTokens()).isEqualTo(Integer.parseInt(expected.group(4)));
      assertThat(told.tokens).isEqualTo(Integer.parseInt(expected.group(5)));
      assertThat(completion.counted()).isEqualTo(Completion.Counted.BY_BACKEND);
      if (expected.group(6) != null) {
        assertThat(told.queueSeconds).isEqualTo(Double.parseDouble(expected.group(6)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama.cpp-chat", "groq-chat", "vllm-chat", "sambanova-chat"})
  void anAnswerThatIsCutBeforeItsReasonIsNeverWhole(String recording) throws IOException {
    byte[] bytes = recording(recording);
    String text = new String(bytes, StandardCharsets.UTF_8);
    int reason = text.indexOf("reason\":\"stop\"");
    reason = reason < 0 ? text.indexOf("reason\": \"stop\"") : reason;
    int before = text.substring(0, reason).getBytes(StandardCharsets.UTF_8).length;
    for (int cut = 0; cut < before; cut++) {
      Answer answer = answer(recording.substring(0, recording.lastIndexOf('-')));
      answer.feed(bytes, 0, cut);
      answer.endOfStream();
      assertThat(answer.failure()).as("cut at %d", cut).isNotNull();
    }
  }

  @Test
  void aReasonIsEnoughWithoutDone() {
    Told told = told(answer("openai"), stream(text("a"), reason("stop")), 0);
    assertThat(Objects.requireNonNull(told.completion).outputTokens()).isEqualTo(1);
    assertThat(told.completion.counted()).isEqualTo(Completion.Counted.BY_ESTIMATE);
  }

  @Test
  void whatComesTogetherIsAPieceForEachEvent() {
    Answer answer = answer("openai");
    byte[] bytes = stream(text("a "), text("b "), text(""), text("c "));
    answer.feed(bytes, 0, bytes.length);
    TokenChunk chunk = answer.takeTokens();
    assertThat(chunk.pieces()).containsExactly("a ", "b ", "c ");
    assertThat(chunk.text()).isEqualTo("a b c ");
    byte[] alone = stream(text("d "));
    answer.feed(alone, 0, alone.length);
    assertThat(answer.takeTokens().pieces()).isEmpty();
  }

  @Test
  void doneWithoutAReasonIsABrokenAnswer() {
    Told told = told(answer("openai"), stream(text("a"), "data: [DONE]\n\n"), 0);
    assertThat(told.failure).isInstanceOf(BackendFailure.Protocol.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"abort", "error", "something else"})
  void aReasonThatIsNoEndIsABrokenAnswer(String reason) {
    Told told = told(answer("vllm"), stream(text("a"), reason(reason), usage(3, 1)), 0);
    assertThat(told.failure).isInstanceOf(BackendFailure.Broke.class);
  }

  @Test
  void aMalformedEventIsABreachOfTheProtocol() {
    Told told = told(answer("openai"), stream(text("a"), "data: {\"choices\":[{\n\n"), 0);
    assertThat(told.failure).isInstanceOf(BackendFailure.Protocol.class);
    assertThat(told.text).isEqualTo("a");
    for (String bad : new String[] {"[]", "3", "{} {}", "{\"a\":1,\"a\":2}", "nonsense"}) {
      assertThat(told(answer("openai"), stream("data: " + bad + "\n\n"), 0).failure)
          .as(bad)
          .isInstanceOf(BackendFailure.Protocol.class);
    }
  }

  @Test
  void tokensThatTheAccountHasMoreLeaveLastWithoutText() {
    Answer answer = answer("openai");
    feed(answer, text("a"));
    assertThat(answer.takeTokens()).isEqualTo(TokenChunk.ofText(0, 1, "a"));
    feed(answer, reason("stop") + usage(3, 4));
    assertThat(answer.takeTokens()).isEqualTo(TokenChunk.ofText(1, 3, ""));
    assertThat(answer.completion(0).outputTokens()).isEqualTo(4);
  }

  @Test
  void anAccountBeyondWhatWasAskedForIsNotBelieved() {
    Told told = told(answer("openai"), stream(text("a"), reason("stop"), usage(3, 101)), 0);
    assertThat(told.tokens).isEqualTo(1);
    assertThat(Objects.requireNonNull(told.completion).counted())
        .isEqualTo(Completion.Counted.BY_ESTIMATE);
    Told negative = told(answer("openai"), stream(text("a"), reason("stop"), usage(-3, -1)), 0);
    assertThat(negative.tokens).isEqualTo(1);
  }

  @Test
  void anAccountOfFewerThanCameDoesNotTakeTokensBack() {
    Told told =
        told(answer("openai"), stream(text("a"), text("b"), reason("stop"), usage(3, 1)), 0);
    assertThat(told.tokens).isEqualTo(2);
    assertThat(Objects.requireNonNull(told.completion).outputTokens()).isEqualTo(2);
  }

  @Test
  void aCountThatStandsStillDoesNotHoldTheTextBack() {
    Answer answer = answer("vllm");
    String stuck =
        "data: {\"choices\":[{\"delta\":{\"content\":\"%s\"}}],\"usage\":{\"completion_tokens\":1}}\n\n"
            .formatted("x".repeat(100));
    feed(answer, stuck);
    assertThat(answer.takeTokens().text()).hasSize(100);
    feed(answer, stuck.repeat(2));
    assertThat(answer.hasTokens()).isFalse();
    feed(answer, stuck);
    assertThat(answer.takeTokens().text()).hasSize(300);
  }

  @Test
  void anEmptyReasonIsNone() {
    Told told = told(answer("openai"), stream(reason(""), text("a"), reason("stop")), 0);
    assertThat(told.text).isEqualTo("a");
  }

  /** Whatever the bytes, chunks follow each other and nothing is thrown. */
  @ParameterizedTest
  @ValueSource(strings = {"llama.cpp-chat", "vllm-chat", "groq-chat", "cerebras-chat"})
  void damageIsNeverAReasonToThrow(String recording) throws IOException {
    byte[] good = recording(recording);
    Random chance = new Random(11);
    for (int round = 0; round < 3_000; round++) {
      byte[] bytes = good.clone();
      for (int i = 0; i <= round % 4; i++) {
        int at = chance.nextInt(bytes.length);
        switch (chance.nextInt(3)) {
          case 0 -> bytes[at] = (byte) chance.nextInt(256);
          case 1 -> bytes[at] = (byte) "{}[]\",:\\\n0129".charAt(chance.nextInt(13));
          default -> {
            int from = chance.nextInt(bytes.length);
            int length = Math.min(20, bytes.length - Math.max(at, from));
            System.arraycopy(good, from, bytes, at, length);
          }
        }
      }
      Told told =
          told(
              answer(recording.substring(0, recording.lastIndexOf('-'))),
              bytes,
              round % bytes.length);
      if (told.completion != null) {
        assertThat(told.completion.outputTokens()).isEqualTo(told.tokens);
      }
    }
  }

  @Test
  void aCharacterInTwoEventsLeavesWhole() {
    Answer answer = answer("openai");
    feed(answer, text("\\ud83d"));
    assertThat(answer.takeTokens().text()).isEmpty();
    feed(answer, text("\\ude42!"));
    assertThat(answer.takeTokens().text()).isEqualTo("\ud83d\ude42!");
    feed(answer, text("\\ud83d") + text("x\\ude42"));
    assertThat(answer.takeTokens().text()).isEqualTo("\ufffdx\ufffd");
  }

  @Test
  void aContinuationCountsFromWhereItBegan() {
    Answer answer = new Answer(reading("llama.cpp", "m"), 10, 90, false);
    feed(answer, text("k") + reason("stop") + usage(25, 1));
    assertThat(answer.takeTokens()).isEqualTo(TokenChunk.ofText(10, 1, "k"));
    Completion completion = answer.completion(0);
    assertThat(completion.outputTokens()).isEqualTo(11);
    assertThat(completion.inputTokens()).isEqualTo(15);
  }

  @Test
  void withoutAnAccountAKnownModelIsCountedByItsTokenizer() {
    Answer answer = new Answer(reading("openai", "gpt-4o"), 0, 100, false);
    feed(answer, text("Hello, how are you today?") + reason("stop") + "data: [DONE]\n\n");
    assertThat(answer.takeTokens().count()).isEqualTo(7);
    assertThat(answer.completion(0).counted()).isEqualTo(Completion.Counted.BY_TOKENIZER);
  }

  @Test
  void withoutAnAccountTheLengthOfEarlierAnswersTeaches() {
    Answer.Reading reading = reading("openai", "m");
    for (int i = 0; i < 300; i++) {
      Answer taught = new Answer(reading, 0, 100, false);
      feed(taught, text("x".repeat(60)) + reason("stop") + usage(1, 30));
      taught.takeTokens();
      taught.completion(0);
    }
    Answer answer = new Answer(reading, 0, 1000, false);
    feed(answer, text("y".repeat(200)) + reason("stop") + "data: [DONE]\n\n");
    assertThat(answer.takeTokens().count()).isBetween(98, 102);
    assertThat(answer.completion(0).counted()).isEqualTo(Completion.Counted.BY_ESTIMATE);
  }

  @Test
  void anErrorInTheStreamSaysNothingOfThePrompt() {
    String error =
        "data: {\"error\":{\"message\":\"the secret\",\"type\":\"server_error\",\"code\":503}}\n\n";
    Told told = told(answer("openai"), stream(error), 0);
    assertThat(told.failure)
        .isInstanceOfSatisfying(
            BackendFailure.Rejected.class,
            rejected ->
                assertThat(rejected.kind()).isEqualTo(BackendFailure.Rejected.Kind.OVERLOADED));
    assertThat(Objects.requireNonNull(told.failure).detail()).doesNotContain("secret");
    assertThat(told(answer("openai"), stream(text("a"), error), 0).failure)
        .isInstanceOf(BackendFailure.Broke.class);
  }

  // ---- more than words

  @Test
  void piecesOfACallArePassedOnAsTheyComeAndCountedByTheAccount() {
    Answer answer = moreThanWords("openai");
    feed(answer, delta("\"role\":\"assistant\",\"content\":null"));
    assertThat(answer.hasTokens()).isFalse();
    String call = "[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]";
    String piece = "[{\"index\":0,\"function\":{\"arguments\":\"{}\"}}]";
    feed(answer, delta("\"tool_calls\": " + call) + delta("\"tool_calls\":" + piece));
    TokenChunk chunk = answer.takeTokens();
    assertThat(chunk.index()).isZero();
    assertThat(chunk.count()).isEqualTo(2);
    assertThat(chunk.text()).isEmpty();
    assertThat(chunk.deltas()).containsExactly("\"tool_calls\":" + call, "\"tool_calls\":" + piece);
    feed(answer, reason("tool_calls") + usage(30, 9));
    assertThat(answer.takeTokens()).isEqualTo(TokenChunk.ofText(2, 7, ""));
    Completion completion = answer.completion(0);
    assertThat(completion.reason()).isEqualTo(Completion.Reason.TOOL_CALLS);
    assertThat(completion.outputTokens()).isEqualTo(9);
    assertThat(completion.counted()).isEqualTo(Completion.Counted.BY_BACKEND);
  }

  @Test
  void aPieceWithoutATokenOfItsOwnWaitsForOne() {
    Answer answer = moreThanWords("vllm");
    String first = "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0}]}}],%s}";
    feed(answer, "data: " + first.formatted("\"usage\":{\"completion_tokens\":4}") + "\n\n");
    assertThat(answer.takeTokens().count()).isEqualTo(4);
    feed(answer, "data: " + first.formatted("\"usage\":{\"completion_tokens\":4}") + "\n\n");
    assertThat(answer.hasTokens()).isFalse();
    feed(answer, "data: " + first.formatted("\"usage\":{\"completion_tokens\":5}") + "\n\n");
    TokenChunk chunk = answer.takeTokens();
    assertThat(chunk.count()).isEqualTo(1);
    assertThat(chunk.deltas()).hasSize(2);
  }

  @Test
  void aPieceThatNobodyCountsLeavesWithTheEnd() {
    Answer answer = moreThanWords("vllm");
    feed(answer, delta("\"tool_calls\":[{\"index\":0}]"));
    assertThat(answer.takeTokens().count()).isEqualTo(1);
    feed(
        answer,
        "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":1}]}}],"
            + "\"usage\":{\"completion_tokens\":1}}\n\n"
            + reason("tool_calls")
            + usage(3, 1));
    assertThat(answer.takeTokens().deltas()).hasSize(1);
    assertThat(answer.isWhole()).isTrue();
  }

  @Test
  void aPieceIsOneLineOfAsciiWhateverIsInIt() {
    Answer answer = moreThanWords("openai");
    String text = "\\n\u2028\u0085\\ud83d é 🙂";
    feed(answer, delta("\"tool_calls\": [ {\"index\":0,\n \"a\": \"" + text + "\"} ]"));
    assertThat(answer.failure()).isInstanceOf(BackendFailure.Protocol.class); // lines end an event
    Answer other = moreThanWords("openai");
    feed(other, delta("\"tool_calls\": [ {\"index\":0, \"a\": \"" + text + "\"} ]"));
    assertThat(other.takeTokens().deltas().getFirst())
        .isEqualTo(
            "\"tool_calls\":[{\"index\":0,\"a\":\"\\n\\u2028\\u0085\\uD83D \\u00E9"
                + " \\uD83D\\uDE42\"}]");
  }

  @Test
  void aRefusalIsOneForWhoAsksForMoreThanWordsAndWordsForOthers() {
    String refusal = delta("\"refusal\":\"No, \"") + delta("\"refusal\":\"sorry.\"");
    Answer answer = moreThanWords("openai");
    feed(answer, refusal + reason("stop") + usage(3, 2));
    TokenChunk chunk = answer.takeTokens();
    assertThat(chunk.deltas()).containsExactly("\"refusal\":\"No, \"", "\"refusal\":\"sorry.\"");
    assertThat(chunk.text()).isEmpty();
    Told words = told(answer("openai"), stream(refusal, reason("stop"), usage(3, 2)), 0);
    assertThat(words.text).isEqualTo("No, sorry.");
  }

  @Test
  void aCallThatNobodyAskedForIsCountedAndNotShown() {
    Answer answer = answer("openai");
    feed(answer, delta("\"tool_calls\":[{\"index\":0}]") + reason("tool_calls") + usage(3, 5));
    assertThat(answer.takeTokens()).isEqualTo(TokenChunk.ofText(0, 5, ""));
  }

  @Test
  void aCallAfterTheReasonIsABreachOfTheProtocol() {
    Answer answer = moreThanWords("openai");
    feed(answer, text("a") + reason("stop") + delta("\"tool_calls\":[{\"index\":0}]"));
    assertThat(answer.failure()).isInstanceOf(BackendFailure.Protocol.class);
  }

  private static Answer moreThanWords(String preset) {
    return new Answer(reading(preset, "m"), 0, 100, true);
  }

  private static String delta(String members) {
    return "data: {\"choices\":[{\"index\":0,\"delta\":{" + members + "}}]}\n\n";
  }

  // ---- arrangements

  private static final class Told {
    private final String text;
    private final int tokens;
    private final double queueSeconds;
    private final @Nullable Completion completion;
    private final @Nullable BackendFailure failure;

    Told(String text, int tokens, Answer answer) {
      this.text = text;
      this.tokens = tokens;
      queueSeconds = answer.queueSeconds();
      failure = answer.failure();
      completion = failure == null && answer.isWhole() ? answer.completion(0) : null;
    }
  }

  private static Told told(Answer answer, byte[] bytes, int cut) {
    answer.feed(bytes, 0, cut);
    StringBuilder text = new StringBuilder();
    int tokens = take(answer, 0, text);
    if (answer.failure() == null && !answer.isWhole()) {
      byte[] rest = Arrays.copyOfRange(bytes, cut, bytes.length);
      answer.feed(rest, 0, rest.length);
      tokens += take(answer, tokens, text);
    }
    if (answer.failure() == null && !answer.isWhole()) {
      answer.endOfStream();
      tokens += take(answer, tokens, text);
    }
    return new Told(text.toString(), tokens, answer);
  }

  private static int take(Answer answer, int index, StringBuilder text) {
    if (!answer.hasTokens()) {
      return 0;
    }
    TokenChunk chunk = answer.takeTokens();
    assertThat(chunk.index()).isEqualTo(index);
    text.append(chunk.text());
    return chunk.count();
  }

  private static void feed(Answer answer, String stream) {
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
    answer.feed(bytes, 0, bytes.length);
  }

  private static Answer answer(String preset) {
    return new Answer(reading(preset, "m"), 0, 100, false);
  }

  private static Answer.Reading reading(String preset, String model) {
    Preset of = Presets.named(preset);
    return new Answer.Reading(
        new EventReader(of.account()),
        new TokenCounts(model),
        new Refusals(BaseUrl.parse("http://127.0.0.1:1/v1").orElseThrow(), of.resets()));
  }

  private static byte[] recording(String name) throws IOException {
    try (InputStream file =
        Objects.requireNonNull(AnswerTest.class.getResourceAsStream(name + ".sse"))) {
      return file.readAllBytes();
    }
  }

  private static byte[] stream(String... events) {
    return String.join("", events).getBytes(StandardCharsets.UTF_8);
  }

  private static String text(String text) {
    return "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"}}]}\n\n";
  }

  private static String reason(String reason) {
    return "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"" + reason + "\"}]}\n\n";
  }

  private static String usage(int input, int output) {
    return "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d}}\n\n"
        .formatted(input, output);
  }
}
