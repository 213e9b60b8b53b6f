package dev.sluice.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.v1.GenerateResponse;
import dev.sluice.v1.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ResponseWriterTest {

  @Test
  void handWrittenTokensEqualTheGeneratedCodesBytes() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 500; i++) {
      int index = i == 0 ? 0 : random.nextInt(0, 1 << random.nextInt(1, 31));
      int count = random.nextInt(1, 40);
      String text = " ⵣⵓⵔ مرحبا 你好 🌍 ok".substring(0, random.nextInt(0, 12));
      List<Integer> ids = new ArrayList<>();
      for (int j = random.nextInt(0, 5); j > 0; j--) {
        ids.add(random.nextInt(0, 200_000));
      }
      byte[] expected =
          GenerateResponse.newBuilder()
              .setTokens(
                  Tokens.newBuilder().setIndex(index).setCount(count).setText(text).addAllIds(ids))
              .build()
              .toByteArray();
      assertThat(ResponseWriter.tokens(index, count, text, ids)).isEqualTo(expected);
    }
  }
}
