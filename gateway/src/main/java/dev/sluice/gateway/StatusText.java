package dev.sluice.gateway;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

/** A gRPC error as a person reads it: the reason, the message, the facts. */
final class StatusText {

  private StatusText() {}

  static String of(StatusRuntimeException error) {
    Status status = error.getStatus();
    StringBuilder text = new StringBuilder();
    com.google.rpc.Status details = StatusProto.fromThrowable(error);
    if (details != null) {
      for (Any detail : details.getDetailsList()) {
        append(text, detail);
      }
    }
    String description = status.getDescription();
    return status.getCode() + text.toString() + ": " + (description == null ? "" : description);
  }

  private static void append(StringBuilder text, Any detail) {
    try {
      if (detail.is(ErrorInfo.class)) {
        ErrorInfo info = detail.unpack(ErrorInfo.class);
        text.append(' ').append(info.getReason());
        if (info.getMetadataCount() > 0) {
          text.append(' ').append(info.getMetadataMap());
        }
      }
    } catch (InvalidProtocolBufferException e) {
      text.append(" (unreadable detail)");
    }
  }
}
