package dev.sluice.gateway.transport.oip;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.sluice.gateway.call.Payload;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Catalogue;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.Model;
import dev.sluice.gateway.core.request.Task;
import dev.sluice.gateway.transport.Requests;
import dev.sluice.gateway.transport.UnreadableException;
import dev.sluice.inference.InferParameter;
import dev.sluice.inference.InferTensorContents;
import dev.sluice.inference.ModelInferRequest;
import dev.sluice.inference.ModelInferRequest.InferInputTensor;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class InferReaderTest {

  private static final int MUTANTS = Boolean.getBoolean("thorough") ? 200_000 : 20_000;

  private static final String EMBEDDER = "e";

  private final InferReader reader =
      new InferReader(
          new Requests(1, _ -> 1),
          new Catalogue(
              List.of(new Model(EMBEDDER, List.of(), 8, 0, "", Budget.NONE, Task.EMBED)),
              List.of()));

  @Test
  void whateverComesIsUnderstoodOrRefusedWithAReason() {
    understandsOrRefuses(raw().toByteArray(), typed().toByteArray());
  }

  @Test
  void whateverIsToBeEmbeddedIsUnderstoodOrRefusedWithAReason() {
    understandsOrRefuses(toEmbed(true).toByteArray(), toEmbed(false).toByteArray());
  }

  private void understandsOrRefuses(byte[] raw, byte[] typed) {
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

  @Test
  void bothFormsOfTextsAreTheSameInputs() throws Exception {
    InferReader.Read raw = read(toEmbed(true).toByteArray());
    InferReader.Read typed = read(toEmbed(false).toByteArray());
    assertThat(raw.understood().payload())
        .isEqualTo(typed.understood().payload())
        .extracting(Payload::content)
        .isEqualTo(new Payload.Inputs(List.of(new Payload.Text("hi"), new Payload.Text("you")), 2));
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

  private static ModelInferRequest toEmbed(boolean isRaw) {
    ModelInferRequest.Builder request =
        request()
            .setModelName(EMBEDDER)
            .putParameters("dimensions", InferParameter.newBuilder().setInt64Param(2).build());
    InferInputTensor.Builder input =
        InferInputTensor.newBuilder().setName("text_input").setDatatype("BYTES").addShape(2);
    if (isRaw) {
      request.addRawInputContents(
          ByteString.copyFrom(new byte[] {2, 0, 0, 0, 'h', 'i', 3, 0, 0, 0, 'y', 'o', 'u'}));
    } else {
      input.setContents(
          InferTensorContents.newBuilder()
              .addBytesContents(ByteString.copyFromUtf8("hi"))
              .addBytesContents(ByteString.copyFromUtf8("you")));
    }
    return request.addInputs(input).build();
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
