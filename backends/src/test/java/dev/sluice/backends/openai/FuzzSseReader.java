package dev.sluice.backends.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Any bytes are the same events however they are cut, and those of a reader of the specification
 * that sees them whole.
 */
final class FuzzSseReader {

  @FuzzTest(maxDuration = "60s")
  void holds(byte[] data) {
    List<String> expected = events(new String(data, StandardCharsets.ISO_8859_1));
    assertThat(read(data, Math.max(1, data.length))).isEqualTo(expected);
    assertThat(read(data, 1)).isEqualTo(expected);
    int step = data.length == 0 ? 1 : 2 + (data[0] & 0xf);
    assertThat(read(data, step)).isEqualTo(expected);
  }

  private static List<String> read(byte[] data, int step) {
    List<String> events = new ArrayList<>();
    SseReader.Sink sink =
        (bytes, offset, length) ->
            events.add(new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
    SseReader reader = new SseReader();
    for (int at = 0; at < data.length; at += step) {
      reader.feed(data, at, Math.min(step, data.length - at), sink);
    }
    reader.end(sink);
    return events;
  }

  /** WHATWG HTML 9.2.6, but for an event that lacks its empty line, which counts here. */
  private static List<String> events(String stream) {
    String text = stream.startsWith("\u00ef\u00bb\u00bf") ? stream.substring(3) : stream;
    List<String> events = new ArrayList<>();
    StringBuilder data = new StringBuilder();
    for (String line : (text + "\n\n").split("\r\n|\r|\n", -1)) {
      int colon = line.indexOf(':');
      String field = colon < 0 ? line : line.substring(0, colon);
      String value = colon < 0 ? "" : line.substring(colon + 1);
      if (field.equals("data")) {
        data.append(value.startsWith(" ") ? value.substring(1) : value).append('\n');
      } else if (line.isEmpty()) {
        if (data.length() > 1) {
          events.add(data.substring(0, data.length() - 1));
        }
        data.setLength(0);
      }
    }
    return events;
  }
}
