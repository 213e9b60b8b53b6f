package dev.sluice.backends.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.sluice.backends.grpc.MalformedResponseException;
import dev.sluice.v1.Admitted;
import dev.sluice.v1.Finished;
import dev.sluice.v1.GenerateResponse;
import dev.sluice.v1.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The scanner against the generated decoder. */
final class ResponseScannerTest {

  private final ResponseScanner scanner = new ResponseScanner();

  @Test
  void tellsTheEvent() throws MalformedResponseException {
    assertThat(
            scanner.scan(
                GenerateResponse.newBuilder()
                    .setAdmitted(Admitted.getDefaultInstance())
                    .build()
                    .toByteArray()))
        .isEqualTo(1);
    assertThat(
            scanner.scan(
                GenerateResponse.newBuilder()
                    .setFinished(Finished.newBuilder().setAttempts(2))
                    .build()
                    .toByteArray()))
        .isEqualTo(3);
  }

  @Test
  void tellsIndexAndCountOfTokens() throws MalformedResponseException {
    assertThat(scanner.scan(tokens(300, 5, "Grüße, 世界 🚀").toByteArray())).isEqualTo(2);
    assertThat(scanner.index()).isEqualTo(300);
    assertThat(scanner.count()).isEqualTo(5);
    scanner.scan(tokens(0, 1, "").toByteArray());
    assertThat(scanner.index()).isZero();
    assertThat(scanner.count()).isEqualTo(1);
  }

  @Test
  void fieldsOfALaterVersionArePassedOver() throws MalformedResponseException {
    UnknownFieldSet later =
        UnknownFieldSet.newBuilder()
            .addField(
                20,
                UnknownFieldSet.Field.newBuilder()
                    .addVarint(-1)
                    .addFixed32(1)
                    .addFixed64(2)
                    .addLengthDelimited(ByteString.copyFromUtf8("later"))
                    .build())
            .build();
    GenerateResponse message =
        tokens(1, 2, "x").toBuilder()
            .setTokens(
                Tokens.newBuilder().setIndex(1).setCount(2).setText("x").setUnknownFields(later))
            .setUnknownFields(later)
            .build();
    assertThat(scanner.scan(message.toByteArray())).isEqualTo(2);
    assertThat(scanner.index()).isEqualTo(1);
  }

  @Test
  void countsThatCannotBeAreRefused() {
    assertThatThrownBy(() -> scanner.scan(tokens(0, 0, "x").toByteArray()))
        .isInstanceOf(MalformedResponseException.class)
        .hasMessageContaining("tokens.count");
    assertThatThrownBy(() -> scanner.scan(tokens(-1, 1, "x").toByteArray()))
        .hasMessageContaining("tokens.index");
    assertThatThrownBy(() -> scanner.scan(tokens(Integer.MAX_VALUE, 2, "x").toByteArray()))
        .hasMessageContaining("beyond");
  }

  @Test
  void whatTheScannerAcceptsTheDecoderAcceptsToo() {
    SplittableRandom random = new SplittableRandom(20_261_124);
    byte[] seed =
        tokens(70_000, 3, "Grüße 世界 🚀").toBuilder()
            .mergeTokens(Tokens.newBuilder().addIds(1).addIds(70_000).build())
            .build()
            .toByteArray();
    int accepted = 0;
    for (int round = 0; round < 200_000; round++) {
      byte[] mutant = mutate(seed, random);
      int event;
      try {
        event = scanner.scan(mutant);
      } catch (MalformedResponseException _) {
        continue;
      }
      if (event == GenerateResponse.TOKENS_FIELD_NUMBER) {
        accepted++;
        assertAgrees(mutant);
      }
    }
    assertThat(accepted).isGreaterThan(1_000);
  }

  private void assertAgrees(byte[] mutant) {
    try {
      Tokens decoded = GenerateResponse.parseFrom(mutant).getTokens();
      assertThat(scanner.index()).isEqualTo(decoded.getIndex());
      assertThat(scanner.count()).isEqualTo(decoded.getCount());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("accepted " + ByteString.copyFrom(mutant), e);
    }
  }

  private static byte[] mutate(byte[] seed, SplittableRandom random) {
    byte[] mutant = java.util.Arrays.copyOf(seed, seed.length - (random.nextInt(4) == 0 ? 1 : 0));
    for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
      mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
    }
    return mutant;
  }

  @Test
  void utf8IsCheckedAsTheStandardSaysIt() {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 200_000; round++) {
      byte[] bytes = new byte[random.nextInt(1, 6)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt(128) : random.nextInt(128, 256));
      }
      boolean survives =
          java.util.Arrays.equals(
              new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), bytes);
      assertThat(Utf8.isWellFormed(bytes, 0, bytes.length))
          .as(java.util.HexFormat.of().formatHex(bytes))
          .isEqualTo(survives);
    }
  }

  private static GenerateResponse tokens(int index, int count, String text) {
    return GenerateResponse.newBuilder()
        .setTokens(Tokens.newBuilder().setIndex(index).setCount(count).setText(text))
        .build();
  }
}
