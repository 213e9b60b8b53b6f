package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.GenerateResponse;
import dev.sluice.v1.InferenceGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Iterator;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What tenants may use, over real sockets. */
@Timeout(60)
@SuppressWarnings("NullAway.Init") // each test sets the field first
final class TenantsOfGatewayTest {

  private GatewayFixtures world;

  @AfterEach
  void stop() {
    world.assertBooksBalance();
    world.close();
  }

  @Test
  void aTenantWithAsManyRequestsAsItMayIsRefusedUntilOneEndsAndOthersAreServed() throws Exception {
    world = new GatewayFixtures(new GatewayConfig.TenantLimits(1, 0));
    Iterator<GenerateResponse> first = ask("a");
    FakeBackend.Call running = world.slow.next();
    running.token(0, "x ");
    assertThat(first.next().hasAdmitted()).isTrue();

    StatusRuntimeException error = refused("a");
    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    com.google.rpc.Status status = Objects.requireNonNull(StatusProto.fromThrowable(error));
    assertThat(status.getDetails(0).unpack(ErrorInfo.class).getReason())
        .isEqualTo("QUOTA_EXCEEDED");
    assertThat(millis(status.getDetails(1).unpack(RetryInfo.class).getRetryDelay())).isPositive();
    answerOne("b");

    running.finish(1);
    first.forEachRemaining(_ -> {});
    answerOne("a");
  }

  @Test
  void aTenantThatUsedUpItsTokensIsToldWhenToComeAgain() throws Exception {
    // an answer has 256 tokens at most: one such request is within a minute's tokens, two are not
    world = new GatewayFixtures(new GatewayConfig.TenantLimits(0, 400));
    Iterator<GenerateResponse> first = ask("a");
    FakeBackend.Call running = world.slow.next();
    running.token(0, "x ");
    assertThat(first.next().hasAdmitted()).isTrue();

    StatusRuntimeException error = refused("a");
    com.google.rpc.Status status = Objects.requireNonNull(StatusProto.fromThrowable(error));
    assertThat(status.getDetails(0).unpack(ErrorInfo.class).getReason())
        .isEqualTo("QUOTA_EXCEEDED");
    assertThat(millis(status.getDetails(1).unpack(RetryInfo.class).getRetryDelay()))
        .isBetween(1_000L, 60_000L);

    // what was set aside and not used is there again
    running.finish(1);
    first.forEachRemaining(_ -> {});
    answerOne("a");
  }

  private static long millis(Duration delay) {
    return java.time.Duration.ofSeconds(delay.getSeconds(), delay.getNanos()).toMillis();
  }

  private void answerOne(String tenant) throws Exception {
    Iterator<GenerateResponse> answer = ask(tenant);
    world.slow.next().answer(1);
    answer.forEachRemaining(_ -> {});
  }

  private Iterator<GenerateResponse> ask(String tenant) {
    return InferenceGrpc.newBlockingStub(world.with("x-llm-d-inference-fairness-id", tenant))
        .generate(
            GenerateRequest.newBuilder().setModel(GatewayFixtures.MODEL).setText("hello").build());
  }

  private StatusRuntimeException refused(String tenant) {
    return Objects.requireNonNull(
        catchThrowableOfType(
            StatusRuntimeException.class, () -> ask(tenant).forEachRemaining(_ -> {})));
  }
}
