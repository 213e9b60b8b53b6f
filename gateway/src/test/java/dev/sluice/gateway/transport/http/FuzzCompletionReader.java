package dev.sluice.gateway.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sluice.gateway.call.Payload;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.transport.Requests;
import dev.sluice.gateway.transport.UnreadableException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whatever a body is, it is read or refused, with a reason on one line; what is read can be written
 * as UTF-8, and what is passed on verbatim is members of JSON. The first byte says what is asked.
 */
final class FuzzCompletionReader {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Set<Reason> REFUSALS =
      Set.of(Reason.MALFORMED_REQUEST, Reason.UNSUPPORTED, Reason.BUDGET_INVALID);

  private final CompletionReader reader =
      new CompletionReader(new Requests(0, FuzzCompletionReader::tokens), 1 << 20);

  @FuzzTest(maxDuration = "60s")
  void holds(byte[] data) {
    if (data.length == 0) {
      return;
    }
    Kind kind = data[0] % 2 == 0 ? Kind.CHAT : Kind.TEXT;
    try {
      CompletionReader.Read read =
          reader.read(
              kind,
              Arrays.copyOfRange(data, 1, data.length),
              _ -> null,
              new InferenceRequest.Timing(0, Long.MAX_VALUE));
      isSound(read.understood());
    } catch (UnreadableException e) {
      assertThat(REFUSALS).contains(e.failure().reason());
      assertThat(e.failure().message().chars()).noneMatch(c -> c < ' ' || c == 0x7f);
    }
  }

  private static void isSound(Requests.Understood understood) {
    InferenceRequest request = understood.request();
    assertThat(request.model()).matches("[A-Za-z0-9._:/-]{1,128}");
    assertThat(request.size().promptTokens()).isPositive();
    assertThat(request.size().maxOutputTokens()).isNotNegative();
    boolean isMore = false;
    switch (understood.payload().content()) {
      case Payload.Text(String text) -> assertThat(isUnicode(text)).isTrue();
      case Payload.TokenIds(int[] ids) -> assertThat(ids).isNotEmpty();
      case Payload.Inputs _ -> throw new AssertionError("inputs to embed (expected: a prompt)");
      case Payload.Chat(List<String> parts, Payload.Verbatim verbatim) -> {
        assertThat(parts).isNotEmpty().allMatch(FuzzCompletionReader::isUnicode);
        List<String> members = new ArrayList<>(verbatim.ofMessages());
        assertThat(members.size()).isIn(0, parts.size() / 2);
        members.add(verbatim.ofRequest());
        for (String each : members) {
          isMore |= !each.isEmpty();
          isObject(each);
        }
      }
    }
    assertThat(request.constraints().abilities().isEmpty()).isEqualTo(!isMore);
  }

  private static void isObject(String members) {
    assertThat(isUnicode(members)).isTrue();
    JsonNode object = JSON.readTree("{" + members + "}");
    assertThat(object.isObject()).isTrue();
    assertThat(object.isEmpty()).isEqualTo(members.isEmpty());
  }

  private static boolean isUnicode(String text) {
    CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
    try {
      ByteBuffer _ = encoder.encode(java.nio.CharBuffer.wrap(text));
      return true;
    } catch (CharacterCodingException _) {
      return false;
    }
  }

  private static int tokens(Payload.Prompt prompt) {
    return prompt.toString().length();
  }
}
