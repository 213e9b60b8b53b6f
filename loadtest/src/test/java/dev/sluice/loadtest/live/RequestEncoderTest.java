package dev.sluice.loadtest.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.loadtest.workload.ClassMix;
import dev.sluice.loadtest.workload.Schedule;
import dev.sluice.loadtest.workload.ScheduleBuilder;
import dev.sluice.loadtest.workload.Trace;
import dev.sluice.v1.GenerateRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RequestEncoderTest {
  @TempDir Path folder;

  @Test
  void aRequestCarriesLengthsClassAndBudget() throws IOException {
    GenerateRequest request = encode("[0, 1]", "[0, 2]").getFirst();
    assertThat(request.getTokens().getIdsCount()).isEqualTo(700);
    assertThat(request.getTokens().getIdsList()).allMatch(id -> id >= 128 && id < 1 << 14);
    assertThat(request.getSampling().getMaxOutputTokens()).isEqualTo(9);
    assertThat(request.getHints().getExpectedOutputTokens()).isEqualTo(9);
    assertThat(request.getModel()).isEqualTo("some-model");
    assertThat(request.getServiceClass()).isEqualTo("coding");
    assertThat(ProtoTimes.toNanos(request.getBudget().getTimeToFirstToken()))
        .isEqualTo(500_000_000);
    assertThat(ProtoTimes.toNanos(request.getBudget().getTimePerOutputToken()))
        .isEqualTo(10_000_000);
    assertThat(request.getBudget().hasTotal()).isFalse();
    assertThat(request.getRequestId()).isEqualTo("load-0");
  }

  @Test
  void promptsShareExactlyTheBlocksThatTheirIdsShare() throws IOException {
    List<GenerateRequest> requests = encode("[7, 1]", "[7, 2]");
    List<Integer> one = requests.get(0).getTokens().getIdsList();
    List<Integer> other = requests.get(1).getTokens().getIdsList();
    assertThat(one.subList(0, 512)).isEqualTo(other.subList(0, 512));
    assertThat(one.get(512)).isNotEqualTo(other.get(512));
  }

  @Test
  void promptsWithoutIdsShareNothing() throws IOException {
    List<GenerateRequest> requests = encode("[]", "[]");
    assertThat(requests.get(0).getTokens().getIds(0))
        .isNotEqualTo(requests.get(1).getTokens().getIds(0));
  }

  private List<GenerateRequest> encode(String... ids) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String each : ids) {
      lines
          .append("{\"timestamp\":0,\"input_length\":700,\"output_length\":9,\"hash_ids\":")
          .append(each)
          .append("}\n");
    }
    Trace trace = Trace.read(Files.writeString(folder.resolve("trace"), lines), 1);
    Schedule schedule =
        new ScheduleBuilder(ClassMix.parse("coding=1", Map.of()), 1)
            .fromTrace(trace, OptionalDouble.empty(), OptionalLong.empty());
    RequestEncoder encoder = new RequestEncoder("some-model", schedule.classes(), 1, "load-");
    return schedule.requests().stream().map(encoder::encode).map(this::parse).toList();
  }

  private GenerateRequest parse(byte[] message) {
    try {
      return GenerateRequest.parseFrom(message);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
