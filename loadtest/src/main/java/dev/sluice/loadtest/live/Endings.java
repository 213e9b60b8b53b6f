package dev.sluice.loadtest.live;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.sluice.loadtest.report.Ending;
import dev.sluice.loadtest.report.Outcome;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** How a call that failed is called: by its status, and by the reason in its details. */
final class Endings {
  static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private Endings() {}

  /**
   * The ending of a call that did not end well.
   *
   * @param admitted whether the target had taken the request on
   */
  static Ending ofFailure(Status status, @Nullable Metadata trailers, boolean admitted) {
    String reason = reasonOf(trailers);
    String named = reason.isEmpty() ? status.getCode().name() : reason;
    return new Ending(outcomeOf(status.getCode(), reason, admitted), named);
  }

  private static Outcome outcomeOf(Status.Code code, String reason, boolean admitted) {
    return switch (code) {
      case DEADLINE_EXCEEDED -> Outcome.EXPIRED;
      case CANCELLED -> Outcome.CANCELLED;
      case INTERNAL, UNKNOWN, DATA_LOSS, ABORTED -> Outcome.BROKEN;
      case RESOURCE_EXHAUSTED, INVALID_ARGUMENT, OUT_OF_RANGE, NOT_FOUND, FAILED_PRECONDITION ->
          admitted ? Outcome.BROKEN : Outcome.REFUSED;
      case UNAUTHENTICATED, PERMISSION_DENIED, UNIMPLEMENTED, ALREADY_EXISTS ->
          admitted ? Outcome.BROKEN : Outcome.REFUSED;
      // Without a reason nobody decided anything: the connection failed.
      case UNAVAILABLE ->
          admitted || reason.isEmpty() || isFault(reason) ? Outcome.BROKEN : Outcome.REFUSED;
      case OK -> Outcome.BROKEN;
    };
  }

  private static boolean isFault(String reason) {
    return reason.startsWith("BACKEND_") || reason.startsWith("STREAM_");
  }

  private static String reasonOf(@Nullable Metadata trailers) {
    byte[] details = trailers == null ? null : trailers.get(DETAILS);
    if (details == null) {
      return "";
    }
    try {
      for (Any detail : com.google.rpc.Status.parseFrom(details).getDetailsList()) {
        if (detail.is(ErrorInfo.class)) {
          return detail.unpack(ErrorInfo.class).getReason();
        }
      }
    } catch (InvalidProtocolBufferException _) {
      return "UNREADABLE_DETAILS";
    }
    return "";
  }
}
