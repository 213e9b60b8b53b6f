package dev.sluice.backends.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.BackendFailure.Rejected.Kind;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns the end of a call into a {@link BackendFailure}.
 *
 * <p>Two questions decide: did the request leave, and is the status the backend's word or a finding
 * of this side. {@link Journey} knows both.
 */
public final class FailureReader {

  /** Whose words are free of prompts: they come from a server that keeps our own rules. */
  private static final String OUR_DOMAIN = "sluice.dev";

  /** How gRPC marks a status that it made from a stream's reset or a connection's goodbye. */
  private static final String HTTP2_MARK = "HTTP/2 error code: ";

  /** By this code a server says that it has not looked at the request. */
  private static final String REFUSED_STREAM = HTTP2_MARK + "REFUSED_STREAM";

  /** gRPC says so of requests after the last one that a server's goodbye says it has looked at. */
  private static final String AFTER_GOODBYE = "closed sent stream. " + HTTP2_MARK + "NO_ERROR";

  private static final int MOST_DETAIL_CHARACTERS = 200;
  private static final long MOST_RETRY_AFTER_SECONDS = 600;

  private static final Metadata.Key<String> PUSHBACK_MILLIS =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private final Address address;
  private final BooleanSupplier closed;
  private final Journey journey;

  /**
   * A reader for one call.
   *
   * @param address whom it asks, for a person
   * @param closed whether the backend was closed on this side
   * @param journey how far the call came
   */
  public FailureReader(Address address, BooleanSupplier closed, Journey journey) {
    this.address = address;
    this.closed = closed;
    this.journey = journey;
  }

  /** The failure of an answer that says {@code what} against the protocol. */
  public BackendFailure violation(String what) {
    return new BackendFailure.Protocol(address + ": " + what);
  }

  /** The failure of an answer that broke off. */
  public BackendFailure broke(String what) {
    return new BackendFailure.Broke(address + ": " + what);
  }

  /**
   * The failure that {@code status} means.
   *
   * @param hadToken whether a token came before
   */
  public BackendFailure read(Status status, Metadata trailers, boolean hadToken) {
    if (closed.getAsBoolean()) {
      return new BackendFailure.Broke(address + ": closed");
    }
    return journey.wasAnswered()
        ? answered(status, trailers, hadToken)
        : unanswered(status, hadToken);
  }

  private BackendFailure unanswered(Status status, boolean hadToken) {
    String words = description(status);
    String detail = detail(status.getCode().name(), withCause(words, status.getCause()));
    if (!hadToken && status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
      return new BackendFailure.Rejected(Kind.DEADLINE_EXCEEDED, 0, detail);
    }
    if (!journey.wasSent() || (!hadToken && isUntouched(words))) {
      return new BackendFailure.NeverSent(detail);
    }
    boolean ofConnection = words.contains(HTTP2_MARK);
    return switch (status.getCode()) {
      // what arrived was too large, not framed as gRPC, or cut off within a message
      case RESOURCE_EXHAUSTED, INTERNAL, CANCELLED ->
          ofConnection ? new BackendFailure.Broke(detail) : new BackendFailure.Protocol(detail);
      // made by gRPC from the HTTP status of something that does not speak gRPC
      case UNIMPLEMENTED, UNAUTHENTICATED, PERMISSION_DENIED ->
          new BackendFailure.Rejected(Kind.MISCONFIGURED, 0, detail);
      default -> new BackendFailure.Broke(detail);
    };
  }

  /** The server promises that it did nothing for the request; RFC 9113, sections 6.8 and 8.7. */
  private static boolean isUntouched(String words) {
    return words.contains(REFUSED_STREAM) || words.contains(AFTER_GOODBYE);
  }

  private BackendFailure answered(Status status, Metadata trailers, boolean hadToken) {
    Answer answer = Answer.of(status, trailers);
    String detail = detail(answer.codeAndReason(status), answer.ours() ? description(status) : "");
    if (hadToken) {
      return new BackendFailure.Broke(detail);
    }
    return switch (status.getCode()) {
      case UNAVAILABLE -> unavailable(answer, detail);
      case RESOURCE_EXHAUSTED ->
          answer.reason().endsWith("_TOO_LARGE")
              ? new BackendFailure.Rejected(Kind.INVALID, 0, detail)
              : new BackendFailure.Rejected(Kind.OVERLOADED, answer.retryAfterNanos(), detail);
      case INVALID_ARGUMENT, OUT_OF_RANGE -> new BackendFailure.Rejected(Kind.INVALID, 0, detail);
      case NOT_FOUND, UNAUTHENTICATED, PERMISSION_DENIED, UNIMPLEMENTED, FAILED_PRECONDITION ->
          new BackendFailure.Rejected(Kind.MISCONFIGURED, 0, detail);
      case DEADLINE_EXCEEDED -> new BackendFailure.Rejected(Kind.DEADLINE_EXCEEDED, 0, detail);
      case OK, CANCELLED, UNKNOWN, ALREADY_EXISTS, ABORTED, INTERNAL, DATA_LOSS ->
          answer.reason().equals("BACKEND_PROTOCOL_ERROR")
              ? new BackendFailure.Protocol(detail)
              : new BackendFailure.Broke(detail);
    };
  }

  /** A gateway behind this backend may have started work that was lost; all else is a refusal. */
  private static BackendFailure unavailable(Answer answer, String detail) {
    return switch (answer.reason()) {
      case "BACKEND_UNREACHABLE", "BACKEND_STALLED", "STREAM_INTERRUPTED" ->
          new BackendFailure.Broke(detail);
      default -> new BackendFailure.Rejected(Kind.OVERLOADED, answer.retryAfterNanos(), detail);
    };
  }

  private String detail(String what, String words) {
    StringBuilder detail = new StringBuilder().append(address).append(": ").append(what);
    if (!words.isEmpty()) {
      detail.append(": ");
      int end = Math.min(words.length(), MOST_DETAIL_CHARACTERS);
      for (int i = 0; i < end; i++) {
        char c = words.charAt(i);
        detail.append(Character.isISOControl(c) ? ' ' : c);
      }
    }
    return detail.toString();
  }

  private static String description(Status status) {
    String description = status.getDescription();
    return description == null ? "" : description;
  }

  /** gRPC calls every failure of a socket "io exception"; the cause says which. */
  private static String withCause(String words, @Nullable Throwable cause) {
    return cause == null || cause.getMessage() == null ? words : words + ": " + cause.getMessage();
  }

  /**
   * What the backend says beside the status code.
   *
   * @param reason reason of the google.rpc.ErrorInfo; empty if there is none of ours
   * @param ours whether it is from a server of Sluice
   * @param retryAfterNanos how long it asks to be left alone; 0 for nothing
   */
  private record Answer(String reason, boolean ours, long retryAfterNanos) {

    static Answer of(Status status, Metadata trailers) {
      String reason = "";
      boolean ours = false;
      long retryAfterNanos = pushbackNanos(trailers);
      try {
        for (Any detail : details(status, trailers)) {
          if (detail.is(ErrorInfo.class)) {
            ErrorInfo info = detail.unpack(ErrorInfo.class);
            ours = info.getDomain().equals(OUR_DOMAIN);
            reason = ours ? info.getReason() : "";
          } else if (detail.is(RetryInfo.class)) {
            Duration delay = detail.unpack(RetryInfo.class).getRetryDelay();
            retryAfterNanos = nanos(delay.getSeconds(), delay.getNanos());
          }
        }
      } catch (InvalidProtocolBufferException | IllegalArgumentException _) {
        // details that cannot be read: the code still says what to do
      }
      return new Answer(reason, ours, retryAfterNanos);
    }

    private static List<Any> details(Status status, Metadata trailers) {
      return StatusProto.fromStatusAndTrailers(status, trailers).getDetailsList();
    }

    private static long pushbackNanos(Metadata trailers) {
      String text = trailers.get(PUSHBACK_MILLIS);
      try {
        return text == null ? 0 : nanos(0, TimeUnit.MILLISECONDS.toNanos(Long.parseLong(text)));
      } catch (NumberFormatException _) {
        return 0;
      }
    }

    /** Never below zero, and never so long that a slip would lose the backend for good. */
    private static long nanos(long seconds, long nanos) {
      long capped = TimeUnit.SECONDS.toNanos(Math.clamp(seconds, 0, MOST_RETRY_AFTER_SECONDS));
      return Math.clamp(capped + nanos, 0, TimeUnit.SECONDS.toNanos(MOST_RETRY_AFTER_SECONDS));
    }

    private String codeAndReason(Status status) {
      return reason.isEmpty() ? status.getCode().name() : status.getCode() + " " + reason;
    }
  }
}
