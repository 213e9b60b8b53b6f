package dev.sluice.gateway.transport.oip;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.transport.Requests;
import dev.sluice.gateway.transport.UnreadableException;
import dev.sluice.inference.InferParameter;
import dev.sluice.inference.InferTensorContents;
import dev.sluice.inference.ModelInferRequest;
import dev.sluice.inference.ModelInferRequest.InferInputTensor;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class InferReaderTest {

  private static final int MUTANTS = Boolean.getBoolean("thorough") ? 200_000 : 20_000;

  private final InferReader reader = new InferReader(new Requests(1, _ -> 1));

  @Test
  void whateverComesIsUnderstoodOrRefusedWithAReason() {
    byte[] raw = raw().toByteArray();
    byte[] typed = typed().toByteArray();
    Random random = new Random(7);
    int understood = 0;
    for (int i = 0; i < MUTANTS; i++) {
      byte[] mutant = mutant(i % 2 == 0 ? raw : typed, random);
      try {
        InferReader.Read read = read(mutant);
        assertThat(read.understood().request().model()).isNotEmpty();
        understood++;
      } catch (UnreadableException e) {
        assertThat(e.failure().message()).contains(":");
      }
    }
    // most changes break something, and some do not
    assertThat(understood).isBetween(MUTANTS / 100, MUTANTS * 99 / 100);
  }

  @Test
  void bothFormsOfContentsAreTheSameRequest() throws Exception {
    InferReader.Read raw = read(raw().toByteArray());
    InferReader.Read typed = read(typed().toByteArray());
    assertThat(raw.understood().payload()).isEqualTo(typed.understood().payload());
    assertThat(raw.form()).isEqualTo(typed.form());
  }

  private InferReader.Read read(byte[] bytes) throws UnreadableException {
    return reader.read(
        InferReader.parse(bytes), _ -> null, new InferenceRequest.Timing(0, Long.MAX_VALUE));
  }

  private static byte[] mutant(byte[] bytes, Random random) {
    byte[] mutant = bytes.clone();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
    }
    return mutant;
  }

  private static ModelInferRequest raw() {
    return request()
        .addInputs(input("text_input", "BYTES"))
        .addInputs(input("max_tokens", "INT64"))
        .addInputs(input("temperature", "FP64"))
        .addRawInputContents(ByteString.copyFrom(new byte[] {2, 0, 0, 0, 'h', 'i'}))
        .addRawInputContents(ByteString.copyFrom(new byte[] {9, 0, 0, 0, 0, 0, 0, 0}))
        .addRawInputContents(ByteString.copyFrom(new byte[] {0, 0, 0, 0, 0, 0, -32, 63})) // 0.5
        .build();
  }

  private static ModelInferRequest typed() {
    return request()
        .addInputs(
            input("text_input", "BYTES")
                .setContents(
                    InferTensorContents.newBuilder()
                        .addBytesContents(ByteString.copyFromUtf8("hi"))))
        .addInputs(
            input("max_tokens", "UINT32")
                .setContents(InferTensorContents.newBuilder().addUintContents(9)))
        .addInputs(
            input("temperature", "FP32")
                .setContents(InferTensorContents.newBuilder().addFp32Contents(0.5f)))
        .build();
  }

  private static ModelInferRequest.Builder request() {
    return ModelInferRequest.newBuilder()
        .setModelName("m")
        .setId("r-1")
        .putParameters("slo_ttft_ms", InferParameter.newBuilder().setDoubleParam(300).build());
  }

  private static InferInputTensor.Builder input(String name, String datatype) {
    return InferInputTensor.newBuilder().setName(name).setDatatype(datatype).addShape(1);
  }
}
