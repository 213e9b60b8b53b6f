package dev.sluice.gateway.transport.oip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.inference.ModelStreamInferResponse;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ResponsesTest {

  @ParameterizedTest
  @ValueSource(strings = {"a", "", "hé🙂", "\n"})
  void aPieceThatIsEncodedByHandSaysTheSameAsAMessage(String text) throws Exception {
    Responses responses = new Responses(new Form("r-1", "m", true, List.of(1L, 1L), false));
    ModelStreamInferResponse expected =
        ModelStreamInferResponse.parseFrom(Responses.streamed(responses.of(text), false));
    for (int i = 0; i < 2; i++) { // the first one makes what all share
      assertThat(ModelStreamInferResponse.parseFrom(responses.piece(text))).isEqualTo(expected);
    }
  }
}
