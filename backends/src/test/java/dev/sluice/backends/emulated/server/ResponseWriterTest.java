package dev.sluice.backends.emulated.server;

import static dev.sluice.backends.emulated.server.AcceleratorFixture.withIds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backends.TokenChunk;
import dev.sluice.v1.GenerateResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tokens on the wire. */
final class ResponseWriterTest {

  @Test
  void tokensAreEncodedAsTheGeneratedCodeWouldEncodeThem() throws Exception {
    List<TokenChunk> chunks =
        List.of(
            TokenChunk.ofText(0, 1, ""),
            TokenChunk.ofText(0, 1, "a"),
            TokenChunk.ofText(1 << 20, 300, "Grüße 世界 🚀"),
            withIds(7, 3, "x", List.of(0, 127, 128, Integer.MAX_VALUE)));
    for (TokenChunk chunk : chunks) {
      GenerateResponse.Builder expected = GenerateResponse.newBuilder();
      expected
          .getTokensBuilder()
          .setIndex(chunk.index())
          .setCount(chunk.count())
          .setText(chunk.text())
          .addAllIds(chunk.ids());
      assertThat(ResponseWriter.tokens(chunk)).isEqualTo(expected.build().toByteArray());
    }
    byte[] wire = {1, 2, 3};
    assertThat(ResponseWriter.tokens(TokenChunk.ofWire(0, 1, wire))).isSameAs(wire);
  }
}
